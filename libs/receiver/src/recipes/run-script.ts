import { spawn } from 'node:child_process';
import type { ReceivedEvent } from '../received-event.js';
import type { Work, WorkContext } from '../worker.js';

export interface ScriptOptions {
  /** A program, with its path or on the PATH. It is started itself; no shell reads its arguments. */
  readonly command: string;
  /** Its arguments for an event, in front of which come these. */
  readonly fixedArgs?: readonly string[];
  readonly argsOf: (event: ReceivedEvent) => readonly string[];
  /** After this it is asked to end, and five seconds later it is ended. */
  readonly timeoutMs?: number;
  /** All that it sees of this process' environment; secrets stay here. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly onOutput?: (output: string, event: ReceivedEvent) => void;
}

const MAX_OUTPUT = 16 * 1024;
const GRACE_MS = 5000;
/** Longer ones are refused by the system; shorter than that there is no reason for any. */
const MAX_ARGUMENT = 8192;

/**
 * Work that runs a program for each event, with arguments from it and the payload on its standard input. An end with
 * another code than 0 is a fault, so the event is tried again.
 *
 * Arguments come from strangers: someone may call an object `; rm -rf ~` or `--output=/etc/passwd`. The first is harmless
 * because no shell reads it, the second because `--` stands before it: everything behind that is no option.
 */
export function runScript(options: ScriptOptions): Work {
  return async (event, context) => {
    const args = [...(options.fixedArgs ?? []), '--', ...options.argsOf(event).map(argument)];
    const { code, output } = await run({ ...options, args, input: event.payload }, context);
    options.onOutput?.(output, event);
    if (code !== 0) throw new Error(`${options.command} ended with ${code}: ${output.slice(-500)}`);
  };
}

/** An argument ends at its first NUL, so what stood behind it would be lost unseen. */
function argument(text: string): string {
  if (text.includes('\0') || text.length > MAX_ARGUMENT)
    throw new TypeError('Not an argument for a program.');
  return text;
}

interface Run extends ScriptOptions {
  readonly args: readonly string[];
  readonly input: Buffer;
}

interface Ended {
  readonly code: number | string;
  readonly output: string;
}

function run(options: Run, { signal }: WorkContext): Promise<Ended> {
  const { command, args, input, environment = {}, timeoutMs = 30_000 } = options;
  return new Promise((resolve, reject) => {
    const PATH = '/usr/local/bin:/usr/bin:/bin';
    // A group of its own: a script's children end with it.
    const child = spawn(command, args, { shell: false, detached: true, env: { PATH, ...environment } });
    const end = (name: NodeJS.Signals) => (): void => endGroup(child.pid, name);
    const timers = [setTimeout(end('SIGTERM'), timeoutMs), setTimeout(end('SIGKILL'), timeoutMs + GRACE_MS)];
    const abort = end('SIGKILL');
    signal.addEventListener('abort', abort, { once: true });
    let output = '';
    const hear = (chunk: Buffer): void => void (output = (output + chunk.toString()).slice(-MAX_OUTPUT));
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    // A script may end without reading what it was given.
    child.stdin.on('error', () => undefined).end(input);
    child.once('error', reject);
    child.once('close', (code, name) => resolve({ code: code ?? name ?? 'unknown', output }));
    child.once('exit', () => {
      for (const timer of timers) clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      // What it left running would hold its output open, and this worker with it.
      endGroup(child.pid, 'SIGKILL');
    });
  });
}

function endGroup(pid: number | undefined, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, name);
  } catch {
    // All of it has ended.
  }
}
