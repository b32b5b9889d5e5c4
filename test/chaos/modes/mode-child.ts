import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { CaseResult } from '../result.js';
import type { Listener } from '../runner.js';
import type { ModeOrder } from './plan.js';

/** What the process of a mode says. */
export interface ModeMessage {
  readonly note?: string;
  readonly result?: CaseResult;
  /** It is through with all that it was to do. */
  readonly isDone?: boolean;
}

export const MODE_PROGRAM = fileURLToPath(new URL('./mode-process.js', import.meta.url));
const PATIENCE_MS = 5000;
const running = new Set<ModeChild>();

/** The process that runs one mode. */
export class ModeChild {
  private readonly exited: Promise<string>;
  private isDone = false;
  private lastWords = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly listener: Listener,
  ) {
    running.add(this);
    child.on('message', (message: ModeMessage) => this.hear(message));
    if (child.stderr !== null) createInterface(child.stderr).on('line', (line) => this.hearWords(line));
    this.exited = new Promise((resolve) => {
      child.once('close', (code, signal) => resolve(signal ?? `exit code ${code ?? 'unknown'}`));
      child.once('error', (error) => resolve(error.message));
    });
  }

  static start(program: string, order: ModeOrder, listener: Listener): ModeChild {
    const child = fork(program, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    const started = new ModeChild(child, listener);
    child.send(order, () => undefined);
    return started;
  }

  /** Null when it has done everything, otherwise why it ended before that. */
  async end(): Promise<string | null> {
    const reason = await this.exited;
    running.delete(this);
    return this.isDone ? null : [reason, this.lastWords].filter((part) => part !== '').join(': ');
  }

  /** Ends it and all that it started. */
  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    const patience = setTimeout(() => this.child.kill('SIGKILL'), PATIENCE_MS);
    await this.exited;
    clearTimeout(patience);
  }

  private hear({ note, result, isDone = false }: ModeMessage): void {
    if (note !== undefined) this.listener.note(note);
    if (result !== undefined) this.listener.result(result);
    this.isDone ||= isDone;
  }

  private hearWords(line: string): void {
    this.listener.note(line);
    if (/^\w*Error\b/.test(line)) this.lastWords = line;
  }
}

/** Ends every mode that is being run, and resolves when nothing of them is left. */
export async function endModes(): Promise<void> {
  await Promise.all([...running].map((child) => child.stop()));
}
