import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../eventually.js';
import { freePort } from '../free-port.js';
import { type RabbitBinaries, rabbitBinaries } from './rabbit-binaries.js';
import { WatchedProcess } from './watched-process.js';

const run = promisify(execFile);
/** Two schedulers, which sleep when they have nothing to do; they would spin, on cores that the tests beside it need. */
const LITTLE_CPU = '+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none';

/** A RabbitMQ of the tests' own: on loopback, in a temporary folder, gone with this process whatever ends it. */
export interface RabbitServer {
  readonly url: string;
  /** Of the broker itself: `kill -9` of it is exact. Changes with `restart`. */
  readonly pid: number;
  kill9(): Promise<void>;
  /** Starts it again on the same port and data; ends it first if it runs. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  /** The end of its own log, which holds warnings and errors alone. */
  lastWords(): string;
  /** Runs rabbitmqctl against it, e.g. `ctl('add_vhost', 'x')`; takes two seconds or so. */
  ctl(...args: string[]): Promise<string>;
}

export interface StartRabbitOptions {
  readonly progress?: (line: string) => void;
}

/** Finds or fetches RabbitMQ and starts it; rejects with what to do when it cannot be had. */
export async function startRabbit(options: StartRabbitOptions = {}): Promise<RabbitServer> {
  const progress = options.progress ?? ((line) => process.stderr.write(`rabbitmq: ${line}\n`));
  const binaries = await rabbitBinaries(progress);
  const folder = await mkdtemp(path.join(tmpdir(), 'bellhop-rabbit-'));
  const server = new PrivateRabbit({ binaries, folder, ...(await ports()) });
  try {
    await server.prepare();
    await server.start();
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

interface Ports {
  readonly port: number;
  readonly distributionPort: number;
  readonly epmdPort: number;
}

async function ports(): Promise<Ports> {
  const [port, distributionPort, epmdPort] = await Promise.all([freePort(), freePort(), freePort()]);
  return { port, distributionPort, epmdPort };
}

interface Place extends Ports {
  readonly binaries: RabbitBinaries;
  readonly folder: string;
}

class PrivateRabbit implements RabbitServer {
  private epmd: WatchedProcess | null = null;
  private broker: WatchedProcess | null = null;
  private log = '';

  constructor(private readonly place: Place) {}

  get url(): string {
    return `amqp://guest:guest@127.0.0.1:${this.place.port}`;
  }

  get pid(): number {
    return this.broker?.pid ?? 0;
  }

  async prepare(): Promise<void> {
    const { port } = this.place;
    await mkdir(this.file('log'), { recursive: true });
    const lines = [`listeners.tcp.1 = 127.0.0.1:${port}`, 'loopback_users = none', 'log.console = true'];
    const conf = [
      ...lines,
      'disk_free_limit.absolute = 50MB',
      'log.file = false',
      'log.console.level = warning',
    ];
    await writeFile(this.file('rabbitmq.conf'), `${conf.join('\n')}\n`);
    await writeFile(this.file('enabled_plugins'), '[].\n');
  }

  async start(): Promise<void> {
    // Our own epmd: else the broker starts one as a daemon, which would stay behind.
    this.epmd ??= this.spawn(this.place.binaries.epmd, [
      '-port',
      String(this.place.epmdPort),
      '-address',
      '127.0.0.1',
    ]);
    this.log = '';
    const broker = this.spawn(path.join(this.place.binaries.scripts, 'rabbitmq-server'), []);
    this.broker = broker;
    for (const stream of broker.output) {
      stream.on('data', (chunk: Buffer) => (this.log = (this.log + chunk.toString()).slice(-4000)));
    }
    const death = broker.exited.then(() => Promise.reject(new Error(`RabbitMQ ended:\n${this.log}`)));
    await Promise.race([this.untilItListens(), death]);
    death.catch(() => undefined);
  }

  async kill9(): Promise<void> {
    await this.broker?.end('SIGKILL');
  }

  async restart(): Promise<void> {
    await this.broker?.end('SIGTERM');
    await this.start();
  }

  async stop(): Promise<void> {
    await this.broker?.end('SIGTERM');
    await this.epmd?.end('SIGTERM');
    await rm(this.place.folder, { recursive: true, force: true });
  }

  lastWords(): string {
    return this.log;
  }

  async ctl(...args: string[]): Promise<string> {
    const program = path.join(this.place.binaries.scripts, 'rabbitmqctl');
    const { stdout } = await run(program, ['-q', ...args], { env: this.env() });
    return stdout;
  }

  private async untilItListens(): Promise<void> {
    const describe = (): string => `RabbitMQ did not start within 60 s:\n${this.log}`;
    await eventually(() => tryConnect(this.place.port), { timeoutMs: 60_000, everyMs: 50, describe });
  }

  private spawn(command: string, args: readonly string[]): WatchedProcess {
    const options = { cwd: this.place.folder, env: this.env(), stdio: ['ignore', 'pipe', 'pipe'] as const };
    return new WatchedProcess({ command, args, options: { ...options, stdio: [...options.stdio] } });
  }

  private file(name: string): string {
    return path.join(this.place.folder, name);
  }

  private env(): NodeJS.ProcessEnv {
    const { port, epmdPort, distributionPort, folder, binaries } = this.place;
    return {
      PATH: process.env.PATH,
      LANG: 'C.UTF-8',
      ...binaries.env,
      HOME: folder,
      ERL_EPMD_PORT: String(epmdPort),
      ERL_EPMD_ADDRESS: '127.0.0.1',
      RABBITMQ_NODENAME: `t${port}@localhost`,
      RABBITMQ_DIST_PORT: String(distributionPort),
      RABBITMQ_CONF_ENV_FILE: '/dev/null',
      RABBITMQ_CONFIG_FILE: this.file('rabbitmq.conf'),
      RABBITMQ_ADVANCED_CONFIG_FILE: this.file('no-advanced.config'),
      RABBITMQ_MNESIA_BASE: this.file('data'),
      RABBITMQ_LOG_BASE: this.file('log'),
      RABBITMQ_ENABLED_PLUGINS_FILE: this.file('enabled_plugins'),
      RABBITMQ_GENERATED_CONFIG_DIR: this.file('generated'),
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-kernel inet_dist_use_interface {127,0,0,1} ${LITTLE_CPU}`,
      // Makes the start script `exec` the broker, so that the child's pid is the broker's.
      RUNNING_UNDER_SYSTEMD: 'true',
    };
  }
}

function tryConnect(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
