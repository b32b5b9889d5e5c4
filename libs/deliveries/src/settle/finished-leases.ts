import { Logger } from '@nestjs/common';
import { arrayOf, type Database, type PreparedStatement } from '#libs/database';

/**
 * A finished message's row may stay for a while: if the process dies first, the row's lease runs out and finds nothing
 * pending. So one small statement four times a second does for all.
 */
const LINGER_MS = 250;

const FINISH: PreparedStatement = {
  name: 'bellhop_finish_leases',
  text: 'DELETE FROM delivery_lease WHERE id = ANY($1::uuid[])',
};

/** Removes the lease rows of messages whose deliveries are all settled. */
export class FinishedLeases {
  private readonly logger = new Logger(FinishedLeases.name);
  private ids: string[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly database: Database) {}

  add(leaseId: string): void {
    this.ids.push(leaseId);
    this.timer ??= setTimeout(() => void this.flush(), LINGER_MS);
  }

  /** Never rejects: what stays behind costs one look when its time is over. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.ids.length === 0) return;
    const ids = arrayOf('uuid', this.ids);
    this.ids = [];
    try {
      await this.database.query(FINISH, [ids]);
    } catch (error) {
      this.logger.debug(`Finished leases stay until their time is over: ${String(error)}`);
    }
  }
}
