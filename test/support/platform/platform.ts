import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../free-port.js';
import { type RabbitServer, startRabbit } from '../rabbitmq/index.js';
import { createEmptyDatabase, type TestDatabase } from '../test-database.js';
import { TEST_ADMIN_KEY, TEST_KEYRING } from '../test-config.js';
import { killAll } from './descendants.js';
import { NodeProcess } from './node-process.js';

export const MODES = ['embedded', 'postgres', 'full'] as const;
export type Mode = (typeof MODES)[number];

export interface PlatformOptions {
  readonly env?: Readonly<Record<string, string>>;
}

interface Services {
  readonly database: TestDatabase | null;
  readonly rabbit: RabbitServer | null;
}

interface Addresses {
  readonly apiUrl: string;
  readonly guestbookUrl: string;
  readonly inboxUrl: string;
}

interface Parts extends Services, Addresses {
  readonly mode: Mode;
  readonly folder: string;
  readonly processes: readonly NodeProcess[];
}

/** The built platform as its users run it: real processes, a database of its own, a broker where the mode has one. */
export class Platform {
  readonly adminKey = TEST_ADMIN_KEY;

  private constructor(private readonly parts: Parts) {}

  static async start(mode: Mode, options: PlatformOptions = {}): Promise<Platform> {
    const folder = await mkdtemp(path.join(tmpdir(), `bellhop-${mode}-`));
    const services = await startServices(mode);
    const { processes, ...addresses } = await makeProcesses({ mode, folder, ...services }, options.env ?? {});
    const platform = new Platform({ mode, folder, processes, ...services, ...addresses });
    try {
      await platform.restart();
      return platform;
    } catch (error) {
      await platform.stop();
      throw error;
    }
  }

  get mode(): Mode {
    return this.parts.mode;
  }

  get apiUrl(): string {
    return this.parts.apiUrl;
  }

  get guestbookUrl(): string {
    return this.parts.guestbookUrl;
  }

  get inboxUrl(): string {
    return this.parts.inboxUrl;
  }

  get pids(): readonly number[] {
    return this.parts.processes.map(({ pid }) => pid);
  }

  /** The broker of the full mode, to be killed and restarted; null elsewhere. */
  get rabbit(): RabbitServer | null {
    return this.parts.rabbit;
  }

  /** The end of every process's output. */
  get log(): string {
    return this.parts.processes.map(({ log }) => log).join('\n');
  }

  /**
   * Kills every process at once, the embedded PostgreSQL too unless it is to be spared (then the next start has to
   * adopt it). A database and a broker that run on their own go on.
   */
  async kill9(options: { readonly spareDatabase?: boolean } = {}): Promise<void> {
    const spareChildren = options.spareDatabase ?? false;
    const postmaster = spareChildren ? null : await this.postmaster();
    await Promise.all(this.parts.processes.map((process) => process.kill9({ spareChildren })));
    if (postmaster !== null) killAll([postmaster]);
  }

  /** Starts what is not running, on the same ports, settings and data, and waits until all of it is ready. */
  async restart(): Promise<void> {
    await Promise.all(this.parts.processes.map((process) => process.start()));
  }

  /** A clean stop, as SIGTERM gives it; the data stays for a `restart`. */
  async terminate(): Promise<void> {
    await Promise.all(this.parts.processes.map((process) => process.stop()));
  }

  /** Ends everything and removes the data. */
  async stop(): Promise<void> {
    await this.terminate();
    const postmaster = await this.postmaster();
    if (postmaster !== null) killAll([postmaster]);
    await Promise.all([this.parts.database?.drop(), this.parts.rabbit?.stop()]);
    await rm(this.parts.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Of the embedded PostgreSQL, which is not our child any more once its own parent was killed. */
  private async postmaster(): Promise<number | null> {
    if (this.mode !== 'embedded') return null;
    const file = path.join(this.parts.folder, 'data', 'postgres', 'postmaster.pid');
    const text = await readFile(file, 'utf8').catch(() => '');
    return Number(text.split('\n')[0]) || null;
  }
}

async function startServices(mode: Mode): Promise<Services> {
  const [database, rabbit] = await Promise.all([
    mode === 'embedded' ? null : createEmptyDatabase(),
    mode === 'full' ? startRabbit() : null,
  ]);
  return { database, rabbit };
}

type Plan = Services & { readonly mode: Mode; readonly folder: string };

async function makeProcesses(
  plan: Plan,
  extra: Readonly<Record<string, string>>,
): Promise<Addresses & { processes: NodeProcess[] }> {
  const env = { ...settings(plan), ...extra };
  const make = async (app: string, more: Record<string, string> = {}): Promise<NodeProcess> =>
    new NodeProcess({ app, port: await freePort(), cwd: plan.folder, env: { ...env, ...more } });
  if (plan.mode !== 'full') {
    const standalone = await make('standalone');
    const { url } = standalone;
    return { processes: [standalone], apiUrl: url, guestbookUrl: url, inboxUrl: `${url}/inbox` };
  }
  const api = await make('api');
  const client = { BELLHOP_API_URL: api.url, BELLHOP_API_KEY: TEST_ADMIN_KEY };
  const guestbook = await make('guestbook', client);
  const inbox = await make('inbox', client);
  const dispatchers = [await make('dispatcher'), await make('dispatcher')];
  const processes = [api, ...dispatchers, guestbook, inbox];
  return { processes, apiUrl: api.url, guestbookUrl: guestbook.url, inboxUrl: `${inbox.url}/inbox` };
}

function settings({ database, rabbit, folder }: Plan): Record<string, string> {
  return {
    NODE_ENV: 'test',
    LOG_LEVEL: 'info',
    DATA_DIR: path.join(folder, 'data'),
    BELLHOP_ADMIN_KEY: TEST_ADMIN_KEY,
    BELLHOP_SHUTDOWN_SECONDS: '3',
    ...(database ? { DATABASE_URL: database.url, BELLHOP_SECRET_KEYS: TEST_KEYRING } : {}),
    ...(rabbit ? { AMQP_URL: rabbit.url } : {}),
  };
}
