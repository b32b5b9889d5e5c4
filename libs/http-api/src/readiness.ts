import { Injectable, type OnModuleDestroy, Optional } from '@nestjs/common';
import { Database } from '#libs/database';
import { MessageBroker } from '#libs/messaging';

export type DependencyState = 'up' | 'down';
export interface ReadinessReport {
  readonly status: 'ready' | 'not_ready' | 'draining';
  readonly dependencies: Readonly<Record<string, DependencyState>>;
}

/** Whether this process should be given requests: all it depends on answers, and it is not about to stop. */
@Injectable()
export class Readiness implements OnModuleDestroy {
  private draining = false;

  constructor(
    @Optional() private readonly database?: Database,
    @Optional() private readonly broker?: MessageBroker,
  ) {}

  get isDraining(): boolean {
    return this.draining;
  }

  /** From now on the process reports that it is leaving, while what is in flight finishes. */
  startDraining(): void {
    this.draining = true;
  }

  onModuleDestroy(): void {
    this.startDraining();
  }

  async report(): Promise<ReadinessReport> {
    const dependencies: Record<string, DependencyState> = {};
    if (this.database) dependencies['database'] = (await this.database.isReady()) ? 'up' : 'down';
    if (this.broker) dependencies['broker'] = this.broker.isReady() ? 'up' : 'down';
    const isUp = Object.values(dependencies).every((state) => state === 'up');
    return { status: this.draining ? 'draining' : isUp ? 'ready' : 'not_ready', dependencies };
  }
}
