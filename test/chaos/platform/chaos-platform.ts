import { mkdtempSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { TEST_ADMIN_KEY, TEST_KEYRING } from '../../support/test-config.js';
import { eventually } from '../../support/eventually.js';
import type { RabbitServer } from '../../support/rabbitmq/index.js';
import type { Mode } from '../case.js';
import { TcpProxy } from '../proxy/tcp-proxy.js';
import type { Addresses } from './dependencies.js';
import { EmbeddedControl, type PostgresControl, signal, Sql } from './postgres-control.js';
import { ChaosProcess, type Role } from './processes.js';
import { Queues } from './queues.js';
import type { PostgresServer } from './postgres-server.js';
import type { Services } from './services.js';

export interface PlatformOptions {
  /** Settings beside the defaults. */
  readonly env?: Readonly<Record<string, string>>;
  /** Processes that dispatch: 2, in the embedded mode always 1. */
  readonly workers?: number;
  /** PostgreSQL and RabbitMQ are reached through proxies. Not in the embedded mode: its server is its own child. */
  readonly isProxied?: boolean;
  /** The server of its database, instead of the one of the run. Not in the embedded mode. */
  readonly postgres?: PostgresServer;
  /** Where it keeps its files, the embedded PostgreSQL among them. */
  readonly folder?: string;
}

interface Parts {
  readonly mode: Mode;
  readonly folder: string;
  readonly services: Services;
  readonly env: Readonly<Record<string, string>>;
  readonly workers: number;
  /** Null in the embedded mode, which makes its own. */
  readonly databaseUrl: string | null;
  readonly postgres: PostgresServer | null;
  readonly rabbit: RabbitServer | null;
  /** Of its own place in RabbitMQ; null unless the mode is full. */
  readonly amqpUrl: string | null;
  readonly databaseProxy: TcpProxy | null;
  readonly brokerProxy: TcpProxy | null;
}

/** The built platform as real processes that can be killed one by one; a restart finds the same ports and data. */
export class ChaosPlatform {
  readonly key = TEST_ADMIN_KEY;
  readonly postgres: PostgresControl;
  processes: readonly ChaosProcess[] = [];
  private database: Sql | null = null;
  private embeddedUrl: string | null = null;

  private constructor(private readonly parts: Parts) {
    const embedded = new EmbeddedControl(path.join(parts.folder, 'data'), () => this.sql);
    this.postgres = parts.postgres ?? embedded;
  }

  /** Running and ready. */
  static async start(mode: Mode, services: Services, options: PlatformOptions = {}): Promise<ChaosPlatform> {
    const platform = new ChaosPlatform(await partsOf(mode, services, options));
    try {
      await platform.begin();
      return platform;
    } catch (error) {
      await platform.stop();
      throw error;
    }
  }

  get mode(): Mode {
    return this.parts.mode;
  }

  /** Those that take requests of publishers. */
  get apis(): readonly ChaosProcess[] {
    return this.processes.filter(({ role }) => role === 'api' || role === 'standalone');
  }

  /** Those that send deliveries; each of them also relays, takes in and feeds. */
  get workers(): readonly ChaosProcess[] {
    return this.processes.filter(({ role }) => role === 'dispatcher' || role === 'standalone');
  }

  /** Null unless the mode is full. */
  get rabbit(): RabbitServer | null {
    return this.parts.rabbit;
  }

  /** Its queues, past the platform and the proxy; whoever opens them closes them. */
  async openQueues(): Promise<Queues> {
    if (this.parts.amqpUrl === null) throw new Error('this mode has no RabbitMQ');
    return Queues.open(this.parts.amqpUrl);
  }

  /** Between the platform and PostgreSQL; throws unless the platform `isProxied`. */
  get databaseLink(): TcpProxy {
    return link(this.parts.databaseProxy);
  }

  /** Between the platform and RabbitMQ; throws unless the platform `isProxied` and the mode is full. */
  get brokerLink(): TcpProxy {
    return link(this.parts.brokerProxy);
  }

  /** Not through the proxy: the harness sees the truth whatever it does to the platform. */
  get sql(): Sql {
    if (this.database === null) throw new Error('the platform was not started');
    return this.database;
  }

  /** Where its processes find their servers, proxies included; null until they have begun. */
  get addresses(): Addresses | null {
    const { DATABASE_URL: database = this.embeddedUrl, AMQP_URL: broker = null } = this.parts.env;
    return database === null ? null : { database, broker };
  }

  /** The end of every process's output. */
  get log(): string {
    return this.processes.map(({ log }) => log).join('\n');
  }

  worker(index = 0): ChaosProcess {
    return nth(this.workers, index);
  }

  api(index = 0): ChaosProcess {
    return nth(this.apis, index);
  }

  /** One worker, and the others dead: RabbitMQ would give one of them at once what this one dies with. */
  async loneWorker(): Promise<ChaosProcess> {
    const lone = this.worker();
    const others = this.workers.filter((worker) => worker !== lone);
    await Promise.all(others.map((other) => other.kill9()));
    return lone;
  }

  async kill9(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.kill9()));
  }

  /** Ends every process at once and starts all of them: nothing that was planned or done to them is left. */
  async restart(): Promise<void> {
    await this.kill9();
    await this.heal();
  }

  /** All is up and ready again, whatever was done to it: servers, processes, links. */
  async heal(): Promise<void> {
    await this.parts.databaseProxy?.heal();
    await this.parts.brokerProxy?.heal();
    for (const process of this.processes) process.thaw();
    if (this.mode !== 'embedded') await this.postgres.thaw();
    if (this.rabbit !== null && !signal(this.rabbit.pid, 0)) await this.rabbit.restart();
    const down = this.processes.filter(({ isRunning }) => !isRunning);
    await Promise.all(down.map((process) => process.start()));
    await this.ready();
  }

  /** Every process says that it is ready. */
  async ready(withinMs = 45_000): Promise<void> {
    const probe = async (): Promise<void> => {
      const states = await Promise.all(this.processes.map((process) => process.readiness()));
      if (states.some((status) => status !== 200)) throw new Error(`ready: ${states.join(', ')}`);
    };
    const describe = (): string => `not every process became ready\n${this.log}`;
    await eventually(probe, { timeoutMs: withinMs, everyMs: 100, describe });
  }

  /** Calls the API with JSON; throws on a status of 400 or above. */
  async call<T>(method: string, route: string, body?: object): Promise<T> {
    const answer = await fetch(`${this.api().url}${route}`, {
      method,
      headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await answer.text();
    if (answer.status >= 400) throw new Error(`${method} ${route}: ${answer.status} ${text}`);
    return (text === '' ? null : JSON.parse(text)) as T;
  }

  /** Ends it and removes its data. */
  async stop(): Promise<void> {
    for (const process of this.processes) process.thaw();
    await Promise.all(this.processes.map((process) => process.stop()));
    await this.database?.end();
    if (this.mode === 'embedded') await this.postgres.kill9();
    await this.parts.databaseProxy?.stop();
    await this.parts.brokerProxy?.stop();
    if (this.parts.databaseUrl !== null) await this.parts.postgres?.drop(this.parts.databaseUrl);
    await rm(this.parts.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private async begin(): Promise<void> {
    const { folder, env, mode, workers, databaseUrl } = this.parts;
    if (databaseUrl !== null) this.database = new Sql(databaseUrl);
    const make = (role: Role): Promise<ChaosProcess> => ChaosProcess.make({ role, folder, env });
    const roles = rolesOf(mode, workers);
    this.processes = await Promise.all(roles.map(make));
    await Promise.all(this.processes.map((process) => process.start()));
    if (this.database !== null) return;
    this.embeddedUrl = await embeddedUrl(path.join(folder, 'data'));
    this.database = new Sql(this.embeddedUrl);
  }
}

function rolesOf(mode: Mode, workers: number): Role[] {
  if (mode === 'embedded') return ['standalone'];
  if (mode === 'postgres') return Array.from({ length: workers }, () => 'standalone');
  return ['api', ...Array.from({ length: workers }, (): Role => 'dispatcher')];
}

async function partsOf(mode: Mode, services: Services, options: PlatformOptions): Promise<Parts> {
  if (mode === 'embedded' && options.isProxied) throw new Error('the embedded mode has no links to break');
  const folder = options.folder ?? mkdtempSync(path.join(services.folder, `${mode}-`));
  const postgres = mode === 'embedded' ? null : (options.postgres ?? (await services.postgres()));
  const databaseUrl = (await postgres?.newDatabase()) ?? null;
  const rabbit = mode === 'full' ? await services.rabbit() : null;
  const amqpUrl = rabbit === null ? null : await services.newBrokerPlace();
  const database = await throughProxy(databaseUrl, options);
  const broker = await throughProxy(amqpUrl, options);
  const env = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'info',
    DATA_DIR: path.join(folder, 'data'),
    BELLHOP_ADMIN_KEY: TEST_ADMIN_KEY,
    BELLHOP_SHUTDOWN_SECONDS: '3',
    ...(database.url === null ? {} : { DATABASE_URL: database.url, BELLHOP_SECRET_KEYS: TEST_KEYRING }),
    ...(broker.url === null ? {} : { AMQP_URL: broker.url }),
    ...options.env,
  };
  const proxies = { databaseProxy: database.proxy, brokerProxy: broker.proxy };
  return {
    mode,
    folder,
    services,
    env,
    workers: options.workers ?? 2,
    databaseUrl,
    postgres,
    rabbit,
    amqpUrl,
    ...proxies,
  };
}

async function throughProxy(
  url: string | null,
  { isProxied = false }: PlatformOptions,
): Promise<{ url: string | null; proxy: TcpProxy | null }> {
  return url === null || !isProxied ? { url, proxy: null } : TcpProxy.before(url);
}

async function embeddedUrl(dataDir: string): Promise<string> {
  const read = async (name: string): Promise<string> =>
    (await readFile(path.join(dataDir, name), 'utf8')).trim();
  const password = await read('postgres-password');
  return `postgres://bellhop:${password}@127.0.0.1:${await read('postgres-port')}/postgres`;
}

function link(proxy: TcpProxy | null): TcpProxy {
  if (proxy === null) throw new Error('there is no proxy: start the platform with isProxied');
  return proxy;
}

function nth<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`the platform has no ${index + 1}. process of this kind`);
  return item;
}
