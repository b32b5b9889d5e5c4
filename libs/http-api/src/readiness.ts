import { Injectable, type OnModuleDestroy, Optional } from '@nestjs/common';
import { Database } from '#libs/database';

export type DependencyState = 'up' | 'down';
export interface ReadinessReport {
  readonly status: 'ready' | 'not_ready' | 'draining';
  readonly dependencies: Readonly<Record<string, DependencyState>>;
}
type Probe = () => boolean | Promise<boolean>;
interface Watched {
  readonly probe: Probe;
  readonly isNeeded: boolean;
}

/** Whether this process should be given requests: all it depends on answers, and it is not about to stop. */
@Injectable()
export class Readiness implements OnModuleDestroy {
  private readonly probes = new Map<string, Watched>();
  private draining = false;

  constructor(@Optional() database?: Database) {
    if (database) this.watch('database', () => database.isReady());
  }

  get isDraining(): boolean {
    return this.draining;
  }

  /**
   * Adds a dependency; the probe must answer within seconds. One that is not needed is reported, and the process stays
   * ready without it. The same name twice is one dependency, needed if nobody in the process can do without it.
   */
  watch(name: string, probe: Probe, { isNeeded = true } = {}): void {
    this.probes.set(name, { probe, isNeeded: isNeeded && (this.probes.get(name)?.isNeeded ?? true) });
  }

  /** From now on the process reports that it is leaving, while what is in flight finishes. */
  startDraining(): void {
    this.draining = true;
  }

  onModuleDestroy(): void {
    this.startDraining();
  }

  async report(): Promise<ReadinessReport> {
    const probes = [...this.probes].map(async ([name, { probe }]) => [name, await stateOf(probe)] as const);
    const states = await Promise.all(probes);
    const isUp = states.every(([name, state]) => state === 'up' || !this.probes.get(name)?.isNeeded);
    const dependencies = Object.fromEntries(states);
    return { status: this.draining ? 'draining' : isUp ? 'ready' : 'not_ready', dependencies };
  }
}

async function stateOf(probe: Probe): Promise<DependencyState> {
  try {
    return (await probe()) ? 'up' : 'down';
  } catch {
    return 'down';
  }
}
