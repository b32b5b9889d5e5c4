import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type BrokerServer, startBroker } from './broker-server.js';
import { DatabaseServer } from './database-server.js';

/** What a run stands on. `broker` is null where it is not needed or cannot be had; `brokerFault` says why. */
export class Services {
  private constructor(
    readonly folder: string,
    readonly database: DatabaseServer,
    readonly broker: BrokerServer | null,
    readonly brokerFault: string | null,
  ) {}

  static async start(needsBroker: boolean, note: (line: string) => void): Promise<Services> {
    const folder = mkdtempSync(path.join(tmpdir(), 'bellhop-bench-'));
    note('starting PostgreSQL');
    const database = await DatabaseServer.start(folder, process.env.DATABASE_URL);
    // After what the server put there, which ends it: it would write into the folder while it is removed.
    process.once('exit', () => removeFolder(folder));
    if (!needsBroker) return new Services(folder, database, null, null);
    note('starting RabbitMQ');
    try {
      return new Services(folder, database, await startBroker(process.env.AMQP_URL, note), null);
    } catch (error) {
      return new Services(folder, database, null, (error as Error).message);
    }
  }

  async stop(): Promise<void> {
    await this.broker?.stop();
    await this.database.stop();
    removeFolder(this.folder);
  }
}

function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
