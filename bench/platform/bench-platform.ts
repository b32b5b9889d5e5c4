import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import type { Mode } from '../bars.js';
import type { CpuSeconds, Platform, PlatformOptions, Role, SubscriptionPlan } from '../case.js';
import { cpuSeconds, memoryOf } from '../measure/proc.js';
import { NodeProcess } from './node-process.js';
import type { Services } from './services.js';

/** Processes of the benchmark whose CPU is counted beside the platform's. */
export interface Companions {
  readonly sink: number;
  readonly generator: number;
}

export interface Place {
  readonly mode: Mode;
  readonly services: Services;
  readonly companions: Companions;
  readonly profileDir: string | null;
}

const ROLES: Readonly<Record<Mode, readonly Role[]>> = {
  embedded: ['standalone'],
  full: ['api', 'dispatcher'],
};

/** The built platform with its default settings, on a database of its own. */
export class BenchPlatform implements Platform {
  readonly key = `bench-${randomBytes(24).toString('hex')}`;
  private processes: NodeProcess[] = [];
  private readonly pool: pg.Pool;

  private constructor(
    private readonly place: Place,
    private readonly options: PlatformOptions,
    readonly databaseUrl: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {
    this.pool = new pg.Pool({ connectionString: databaseUrl, max: 2, application_name: 'bellhop bench' });
    this.pool.on('error', () => undefined);
  }

  static async create(place: Place, options: PlatformOptions): Promise<BenchPlatform> {
    const { database, broker } = place.services;
    const databaseUrl = await database.newDatabase('platform');
    const amqpUrl = place.mode === 'full' ? await broker?.newPlace() : undefined;
    return new BenchPlatform(place, options, databaseUrl, {
      DATABASE_URL: databaseUrl,
      ...(amqpUrl === undefined ? {} : { AMQP_URL: amqpUrl }),
      BELLHOP_SECRET_KEYS: `bench:${randomBytes(32).toString('base64')}`,
      BELLHOP_SHUTDOWN_SECONDS: '3',
    });
  }

  get mode(): Mode {
    return this.place.mode;
  }

  get url(): string {
    return this.processes[0]?.url ?? '';
  }

  async start(): Promise<void> {
    const { services, profileDir } = this.place;
    const folder = path.join(services.folder, new URL(this.databaseUrl).pathname.slice(1));
    mkdirSync(folder, { recursive: true });
    const env = { ...this.env, BELLHOP_ADMIN_KEY: this.key, ...this.options.env };
    const watchStalls = this.options.watchStalls ?? false;
    const start = (role: Role): Promise<NodeProcess> =>
      NodeProcess.start({ role, folder, env, watchStalls, profileDir });
    this.processes = await Promise.all(ROLES[this.mode].map(start));
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.stop()));
    this.processes = [];
  }

  /** Stops it and removes its data. */
  async remove(): Promise<void> {
    await this.stop();
    await this.pool.end();
    await this.place.services.database.drop(this.databaseUrl);
  }

  async api<T>(method: string, route: string, body?: object): Promise<T> {
    const response = await fetch(`${this.url}${route}`, {
      method,
      headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status >= 400 && response.status !== 409) {
      throw new Error(`${method} ${route}: ${response.status} ${text}`);
    }
    return (text === '' ? null : JSON.parse(text)) as T;
  }

  async subscribe(plans: readonly SubscriptionPlan[]): Promise<string[]> {
    for (const name of new Set(plans.flatMap(({ eventTypes }) => eventTypes))) {
      await this.api('POST', '/v1/event-types', { name });
    }
    const ids: string[] = [];
    for (const { url, eventTypes, fields } of plans) {
      const body = { url, eventTypes, handshake: 'none', ...fields };
      ids.push((await this.api<{ id: string }>('POST', '/v1/subscriptions', body)).id);
    }
    return ids;
  }

  async query<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(sql, [...values])).rows;
  }

  pids(): Readonly<Partial<Record<Role, number>>> {
    return Object.fromEntries(this.processes.map(({ role, pid }) => [role, pid]));
  }

  cpu(): CpuSeconds {
    const { services, companions } = this.place;
    const pids: Record<string, number> = { ...this.pids(), ...companions };
    if (services.database.pid !== null) pids.postgres = services.database.pid;
    if (this.mode === 'full' && services.broker?.pid) pids.rabbitmq = services.broker.pid;
    const seconds = cpuSeconds(Object.values(pids));
    return Object.fromEntries(Object.keys(pids).map((name, index) => [name, seconds[index] ?? 0]));
  }

  memory(): ReturnType<Platform['memory']> {
    return Object.fromEntries(this.processes.map(({ role, pid }) => [role, memoryOf(pid)]));
  }

  async stalls(): Promise<Readonly<Partial<Record<Role, number>>>> {
    const entries = this.processes.map(async (process) => [process.role, await process.longestStall()]);
    return Object.fromEntries(await Promise.all(entries)) as Partial<Record<Role, number>>;
  }
}
