import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type RabbitServer, startRabbit } from '../../support/rabbitmq/index.js';
import { Sink } from '../sink/sink.js';
import { PostgresServer } from './postgres-server.js';

/** Starts what a run needs in a folder of its own, and ends and removes all of it however the run ends. */
export async function withServices<T>(
  note: (line: string) => void,
  work: (services: Services) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bellhop-chaos-'));
  const clean = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.once('exit', clean);
  const services = await Services.start(folder, note);
  try {
    return await work(services);
  } finally {
    await services.stop();
    process.off('exit', clean);
    clean();
  }
}

/** The servers of a run, each started when it is first needed. */
export class Services {
  private postgresServer: Promise<PostgresServer> | null = null;
  private rabbitServer: Promise<RabbitServer> | null = null;

  private constructor(
    readonly folder: string,
    readonly sink: Sink,
    private readonly note: (line: string) => void,
  ) {}

  static async start(folder: string, note: (line: string) => void): Promise<Services> {
    return new Services(folder, await Sink.start(folder), note);
  }

  postgres(): Promise<PostgresServer> {
    this.postgresServer ??= PostgresServer.create(path.join(this.folder, 'postgres'));
    return this.postgresServer;
  }

  rabbit(): Promise<RabbitServer> {
    this.rabbitServer ??= startRabbit({ progress: (line) => this.note(`RabbitMQ: ${line}`) });
    return this.rabbitServer;
  }

  /** An address behind which nobody else has queues. */
  async newBrokerPlace(): Promise<string> {
    const rabbit = await this.rabbit();
    const name = `chaos-${randomBytes(4).toString('hex')}`;
    const make = `rabbit_vhost:add(<<"${name}">>, <<"guest">>)`;
    const allow = `rabbit_auth_backend_internal:set_permissions(<<"guest">>, <<"${name}">>, <<".*">>, <<".*">>, <<".*">>, <<"guest">>)`;
    await rabbit.ctl('eval', `${make}, ${allow}.`);
    return `${rabbit.url}/${name}`;
  }

  async stop(): Promise<void> {
    await this.sink.stop();
    await (await this.rabbitServer?.catch(() => null))?.stop();
    await (await this.postgresServer?.catch(() => null))?.end();
  }
}
