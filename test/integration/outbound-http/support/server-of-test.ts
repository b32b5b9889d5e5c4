import type { Socket } from 'node:net';
import { afterEach } from 'vitest';
import { closeAll } from './outbound.js';
import { type RawServer, type RawServerOptions, type Script, startRawServer } from './raw-server.js';

/** The one receiver that a test starts; it ends with the test, after the clients. */
export class ServerOfTest {
  private running: RawServer | null = null;

  constructor() {
    afterEach(async () => {
      await closeAll();
      await this.running?.close();
      this.running = null;
    });
  }

  async start(script: Script, options: RawServerOptions = {}): Promise<void> {
    this.running = await startRawServer(script, options);
  }

  /** Starts it; where it is then reached, in plain HTTP. */
  async urlOf(script: Script, options: RawServerOptions = {}): Promise<string> {
    await this.start(script, options);
    return `http://127.0.0.1:${this.port}/hook?a=1`;
  }

  get port(): number {
    return this.raw.port;
  }

  get requests(): readonly string[] {
    return this.raw.requests;
  }

  get connections(): ReadonlySet<Socket> {
    return this.raw.connections;
  }

  accepted(): number {
    return this.raw.accepted();
  }

  private get raw(): RawServer {
    if (this.running === null) throw new Error('the test has started no server');
    return this.running;
  }
}
