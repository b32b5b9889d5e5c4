import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConfigModule } from '#libs/config';
import { Database, DatabaseModule } from '#libs/database';
import { bootHttpApp } from '#libs/http-api';
import { GuestbookModule } from '../../../apps/guestbook/src/guestbook.module.js';
import { testConfig } from '../../support/test-config.js';

export interface EntryJson {
  readonly id: string;
  readonly name: string;
  readonly message: string;
  readonly createdAt: string;
}

interface OutboxRow {
  readonly type: string;
  readonly subject: string;
  readonly data: Buffer;
}

class GuestbookProcess {}

/** The guestbook as a process of its own, over HTTP. */
export class GuestbookFixture {
  private constructor(
    private readonly app: NestFastifyApplication,
    readonly url: string,
  ) {}

  static async start(databaseUrl: string): Promise<GuestbookFixture> {
    const config = testConfig({ DATABASE_URL: databaseUrl });
    const imports = [ConfigModule.forRoot(config), DatabaseModule.forRoot(), GuestbookModule];
    const app = await bootHttpApp({ module: GuestbookProcess, imports }, config);
    await app.listen({ port: 0, host: '127.0.0.1' });
    return new GuestbookFixture(app, await app.getUrl());
  }

  async sign(body: unknown): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return fetch(`${this.url}/entries`, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async signed(name: string, message = 'Hello'): Promise<EntryJson> {
    return (await (await this.sign({ name, message })).json()) as EntryJson;
  }

  async submit(
    path: string,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const body = new URLSearchParams(fields);
    return fetch(this.url + path, { method: 'POST', body, headers, redirect: 'manual' });
  }

  async page(path = '/'): Promise<string> {
    return (await fetch(this.url + path)).text();
  }

  async outbox(): Promise<{ type: string; subject: string; data: unknown }[]> {
    const rows = await this.database.query<OutboxRow>(
      'SELECT type, subject, data FROM guestbook.outbox_message ORDER BY id',
    );
    return rows.map(({ type, subject, data }) => ({
      type,
      subject,
      data: JSON.parse(data.toString()) as unknown,
    }));
  }

  async clear(): Promise<void> {
    await this.database.query('DELETE FROM guestbook.entry');
    await this.database.query('DELETE FROM guestbook.outbox_message');
  }

  get database(): Database {
    return this.app.get(Database);
  }

  async stop(): Promise<void> {
    await this.app.close();
  }
}

/** A page's stream of server-sent events, read as text. */
export class EventStream {
  text = '';
  isEnded = false;
  private readonly abort = new AbortController();

  static async open(url: string, headers: Record<string, string> = {}): Promise<EventStream> {
    const stream = new EventStream();
    const response = await fetch(url, { headers, signal: stream.abort.signal });
    void stream.read(response);
    return stream;
  }

  close(): void {
    this.abort.abort();
  }

  private async read(response: Response): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response.body ?? [])
        this.text += decoder.decode(chunk as Uint8Array, { stream: true });
    } catch {
      // Closed by us.
    }
    this.isEnded = true;
  }
}
