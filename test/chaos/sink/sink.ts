import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../support/eventually.js';
import { freePort } from '../../support/free-port.js';
import { WatchedProcess } from '../../support/rabbitmq/watched-process.js';
import type { EndpointSpec } from './behaviour.js';
import { Endpoint } from './endpoint.js';
import { LineTail } from './line-tail.js';
import type { SinkRecord } from './sink-log.js';

const PROGRAM = fileURLToPath(new URL('./sink-process.js', import.meta.url));

/** The receivers' process, and what its log says. */
export class Sink {
  private process: WatchedProcess | null = null;
  private readonly specs: Record<string, EndpointSpec> = {};
  private readonly records = new Map<string, SinkRecord[]>();
  private readonly log: LineTail;
  private made = 0;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
    private readonly controlPort: number,
  ) {
    this.log = new LineTail(this.logFile, (line) => this.take(JSON.parse(line) as SinkRecord));
  }

  static async start(folder: string): Promise<Sink> {
    const sink = new Sink(folder, await freePort(), await freePort());
    writeFileSync(sink.logFile, '');
    await sink.restart();
    return sink;
  }

  /** A new endpoint with a secret of its own that answers 200 until it is told otherwise. */
  async endpoint(name: string): Promise<Endpoint> {
    this.made += 1;
    const path = `${name}-${this.made}`;
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    const endpoint = new Endpoint(this, { path, url: `http://127.0.0.1:${this.port}/${path}`, secret });
    await endpoint.behave({ status: 200 });
    return endpoint;
  }

  /** Everything that came to an endpoint, in order. */
  async recordsOf(endpoint: string): Promise<readonly SinkRecord[]> {
    await this.log.readOn();
    return this.records.get(endpoint) ?? [];
  }

  async configure(endpoint: string, spec: EndpointSpec): Promise<void> {
    this.specs[endpoint] = spec;
    this.keepSpecs();
    if (this.process?.isRunning !== true) return;
    const url = `http://127.0.0.1:${this.controlPort}/${endpoint}`;
    const answer = await fetch(url, { method: 'PUT', body: JSON.stringify(spec) });
    if (answer.status !== 200) throw new Error(`the sink refused the plan of ${endpoint}`);
  }

  /** Connections are cut, and new ones refused until `restart`. */
  async kill9(): Promise<void> {
    await this.process?.end('SIGKILL');
  }

  /** Connections are taken by the system and never answered, until `thaw`. */
  freeze(): void {
    this.process?.signal('SIGSTOP');
  }

  thaw(): void {
    this.process?.signal('SIGCONT');
  }

  /** On the same ports, with the endpoints as they were configured last. */
  async restart(): Promise<void> {
    await this.kill9();
    this.keepSpecs();
    const args = [PROGRAM, this.logFile, this.specFile, String(this.port), String(this.controlPort)];
    const options = { stdio: ['ignore', 'inherit', 'inherit'] as ['ignore', 'inherit', 'inherit'] };
    this.process = new WatchedProcess({ command: process.execPath, args, options });
    await eventually(() =>
      fetch(`http://127.0.0.1:${this.controlPort}/ready`, { method: 'PUT', body: '{}' }),
    );
  }

  async stop(): Promise<void> {
    this.thaw();
    await this.kill9();
  }

  private get logFile(): string {
    return path.join(this.folder, 'sink.log');
  }

  private get specFile(): string {
    return path.join(this.folder, 'sink.json');
  }

  private keepSpecs(): void {
    writeFileSync(this.specFile, JSON.stringify(this.specs));
  }

  private take(record: SinkRecord): void {
    const known = this.records.get(record.endpoint);
    if (known === undefined) this.records.set(record.endpoint, [record]);
    else known.push(record);
  }
}
