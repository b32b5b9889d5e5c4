import { Injectable, type OnModuleDestroy, Optional } from '@nestjs/common';
import { Database } from '#libs/database';

export type DependencyState = 'up' | 'down';
export interface ReadinessReport {
  readonly status: 'ready' | 'not_ready' | 'draining';
  readonly dependencies: Readonly<Record<string, DependencyState>>;
}
type Probe = () => boolean | Promise<boolean>;

/** Whether this process should be given requests: all it depends on answers, and it is not about to stop. */
@Injectable()
export class Readiness implements OnModuleDestroy {
  private readonly probes = new Map<string, Probe>();
  private draining = false;

  constructor(@Optional() database?: Database) {
    if (database) this.watch('database', () => database.isReady());
  }

  get isDraining(): boolean {
    return this.draining;
  }

  /** Adds a dependency; the same name twice is one dependency. The probe must answer within seconds. */
  watch(name: string, probe: Probe): void {
    this.probes.set(name, probe);
  }

  /** From now on the process reports that it is leaving, while what is in flight finishes. */
  startDraining(): void {
    this.draining = true;
  }

  onModuleDestroy(): void {
    this.startDraining();
  }

  async report(): Promise<ReadinessReport> {
    const probes = [...this.probes].map(async ([name, probe]) => [name, await stateOf(probe)] as const);
    const dependencies = Object.fromEntries(await Promise.all(probes));
    const isUp = Object.values(dependencies).every((state) => state === 'up');
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
