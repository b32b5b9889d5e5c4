import path from 'node:path';
import { OptionsError, parseOptions } from '../test/support/arguments.js';
import type { Mode } from './bars.js';

export interface BenchOptions {
  readonly isQuick: boolean;
  readonly modes: readonly Mode[];
  /** Names of cases, `rounds` among them; empty means all of them. */
  readonly only: readonly string[];
  readonly rounds: number;
  /** Of every duration. */
  readonly scale: number;
  readonly json: string | null;
  readonly writeDocs: boolean;
  readonly profileDir: string | null;
}

export const HELP = `npm run bench -- [options]

Measures the platform on this machine against a bare sender, in interleaved rounds, and counts what arrived.
Progress and the table go to stderr, one JSON document to stdout.

  --quick            under a minute: one process with PostgreSQL, few and short rounds
  --mode <mode>      embedded (one process) or full (API, dispatcher and RabbitMQ); both unless --quick
  --only <names>     rounds, or cases by name, with commas between them: NAMES
  --rounds <n>       interleaved rounds of each mode: 5, quick 2
  --scale <factor>   of every duration: 1, quick 0.35
  --json <file>      writes the JSON there instead of stdout
  --write-docs       writes docs/performance.md and its picture
  --profile <dir>    CPU profiles of the platform's processes, one for each start
  --help             this text

PostgreSQL and RabbitMQ are started for the run, unless DATABASE_URL and AMQP_URL name them. Where RabbitMQ cannot be
had, the full mode is left out and the table says so.

Exit code 1: a delivery was lost, or is without its attempt; with --quick also if a figure is not even half as good as
its bar. A figure below its bar is shown and is no failure: the machine may be shared. Exit code 2: it, or one of its cases,
could not run.
`;

const KNOWN = {
  help: { type: 'boolean', short: 'h' },
  quick: { type: 'boolean' },
  mode: { type: 'string' },
  only: { type: 'string', multiple: true },
  rounds: { type: 'string' },
  scale: { type: 'string' },
  json: { type: 'string' },
  'write-docs': { type: 'boolean' },
  profile: { type: 'string' },
} as const;

const DEFAULTS = {
  full: { rounds: 5, scale: 1, modes: ['embedded', 'full'] },
  quick: { rounds: 2, scale: 0.35, modes: ['embedded'] },
} as const;

/** Null asks for the help. Throws `OptionsError`. */
export function readOptions(args: readonly string[], names: readonly string[]): BenchOptions | null {
  const values = parseOptions(args, KNOWN);
  if (values.help) return null;
  const isQuick = values.quick ?? false;
  const defaults = isQuick ? DEFAULTS.quick : DEFAULTS.full;
  const only = (values.only ?? []).flatMap((list) => list.split(',')).filter((name) => name !== '');
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new OptionsError(`--only knows ${names.join(', ')}; not ${unknown.join(', ')}`);
  return {
    isQuick,
    modes: values.mode === undefined ? defaults.modes : [modeOf(values.mode)],
    only,
    rounds: wholeNumber('--rounds', values.rounds ?? String(defaults.rounds)),
    scale: positive('--scale', values.scale ?? String(defaults.scale)),
    json: values.json ?? null,
    writeDocs: values['write-docs'] ?? false,
    profileDir: values.profile === undefined ? null : path.resolve(values.profile),
  };
}

function modeOf(value: string): Mode {
  if (value === 'embedded' || value === 'full') return value;
  throw new OptionsError(`--mode is embedded or full, not ${value}`);
}

function wholeNumber(name: string, value: string): number {
  const number = positive(name, value);
  if (Number.isInteger(number)) return number;
  throw new OptionsError(`${name} is a whole number, not ${value}`);
}

function positive(name: string, value: string): number {
  const number = Number(value);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new OptionsError(`${name} is a number above 0, not ${value}`);
}
