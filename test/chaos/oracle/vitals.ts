import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../support/eventually.js';
import type { ChaosPlatform } from '../platform/chaos-platform.js';
import { Dependencies } from '../platform/dependencies.js';
import { ownDescriptors } from '../platform/descriptors.js';
import type { ChaosProcess } from '../platform/processes.js';

const EVERY_MS = 500;
/** I7, for one process. */
const MOST_MB = 300;
/** I7: with nothing left to do, a process keeps its connections to the servers and little else. */
const MOST_IDLE_DESCRIPTORS = 150;
/** A connection to a receiver is kept for some seconds. */
const IDLE_AFTER_MS = 10_000;
/** I8, and what one round of questions may take beside it. */
const TRUTH_WITHIN_MS = 2000;
const ROUND_MS = 1000;
/** A processor may be busy with something else for one answer. */
const SILENCES = 2;

export interface Peaks {
  readonly megabytes: number;
  readonly descriptors: number;
}

interface ProcessState {
  readonly isStopped: boolean;
  readonly megabytes: number;
  readonly descriptors: number;
}

/** Watches every process of a case for what no event tells: memory, descriptors (I7) and honesty (I8). */
export class Vitals {
  private readonly found = new Set<string>();
  private readonly dependencies = new Map<ChaosPlatform, Dependencies>();
  private readonly silences = new Map<number, number>();
  /** Those that have answered once: the others are still starting. */
  private readonly known = new Set<number>();
  private megabytes = 0;
  private descriptors = 0;
  private isOver = false;
  private readonly watching: Promise<void>;

  private constructor(private readonly platforms: () => readonly ChaosPlatform[]) {
    this.watching = this.watch();
  }

  static watch(platforms: () => readonly ChaosPlatform[]): Vitals {
    return new Vitals(platforms);
  }

  get peaks(): Peaks {
    return { megabytes: Math.round(this.megabytes), descriptors: this.descriptors };
  }

  /** Gives what was wrong, in words. */
  async end(): Promise<readonly string[]> {
    this.isOver = true;
    await this.watching;
    await Promise.all([...this.dependencies.values()].map((each) => each.end()));
    return [...this.found];
  }

  private async watch(): Promise<void> {
    while (!this.isOver) {
      await Promise.all(this.platforms().map((platform) => this.round(platform).catch(() => undefined)));
      if (!this.isOver) await pause(EVERY_MS);
    }
  }

  private async round(platform: ChaosPlatform): Promise<void> {
    const { addresses } = platform;
    if (addresses === null) return;
    const servers = this.dependencies.get(platform) ?? new Dependencies(addresses);
    this.dependencies.set(platform, servers);
    const before = await down(servers);
    const answers = await Promise.all(platform.processes.map((process) => this.look(process)));
    const after = await down(servers);
    for (const { process, status } of answers) {
      if (status !== 200) continue;
      const needsBroker = process.role === 'dispatcher';
      this.checkTruth(process, 'PostgreSQL', Math.min(before.database, after.database));
      if (needsBroker) this.checkTruth(process, 'RabbitMQ', Math.min(before.broker, after.broker));
    }
  }

  private checkTruth({ role }: ChaosProcess, server: string, downMs: number): void {
    if (downMs <= TRUTH_WITHIN_MS + ROUND_MS) return;
    this.found.add(`I8: a process (${role}) said that it is ready, and ${server} had been away for seconds`);
  }

  private async look(process: ChaosProcess): Promise<{ process: ChaosProcess; status: number }> {
    const { pid } = process;
    const state = process.isRunning ? await stateOf(pid) : null;
    if (state === null || state.isStopped) return { process, status: 0 };
    // While it loads its modules it has hundreds of files open.
    if (this.known.has(pid)) this.measure(process, state);
    const status = await process.readiness();
    if (status !== 0) this.known.add(pid);
    const isStill = process.pid === pid && process.isRunning && (await stateOf(pid))?.isStopped === false;
    const isSilent = status === 0 && isStill && !process.isEnding && this.known.has(pid);
    const silences = isSilent ? (this.silences.get(pid) ?? 0) + 1 : 0;
    this.silences.set(pid, silences);
    if (silences >= SILENCES) this.found.add(`I8: ${process.role} did not say whether it is ready`);
    return { process, status };
  }

  private measure({ role }: ChaosProcess, { megabytes, descriptors }: ProcessState): void {
    this.megabytes = Math.max(this.megabytes, megabytes);
    this.descriptors = Math.max(this.descriptors, descriptors);
    if (megabytes > MOST_MB) this.found.add(`I7: ${role} took more than ${MOST_MB} MB`);
  }
}

/** When all is done: whatever was opened for a request or by a fault must have been closed. Gives what is wrong. */
export async function unclosed({ processes }: ChaosPlatform): Promise<readonly string[]> {
  const probe = async (): Promise<void> => {
    for (const { pid, role, url } of processes.filter(({ isRunning }) => isRunning)) {
      const count = await ownDescriptors(pid, Number(new URL(url).port));
      if (count > MOST_IDLE_DESCRIPTORS) throw new Error(`I7: ${role} keeps ${count} descriptors open`);
    }
  };
  return eventually(probe, { timeoutMs: IDLE_AFTER_MS, everyMs: 250 }).then(
    () => [],
    (error: Error) => [error.message],
  );
}

async function down(servers: Dependencies): Promise<{ database: number; broker: number }> {
  const [database, broker] = await Promise.all([servers.databaseDownMs(), servers.brokerDownMs()]);
  return { database, broker };
}

/** Null: it has ended. */
async function stateOf(pid: number): Promise<ProcessState | null> {
  try {
    const [status, descriptors] = await Promise.all([
      readFile(`/proc/${pid}/status`, 'utf8'),
      readdir(`/proc/${pid}/fd`),
    ]);
    const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
    return {
      isStopped: /State:\s+[TtZ]/.test(status),
      megabytes: kilobytes / 1024,
      descriptors: descriptors.length,
    };
  } catch {
    return null;
  }
}
