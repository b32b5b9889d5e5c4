import { parseArgs } from 'node:util';
import { type Mode, MODES } from './case.js';

export interface ChaosOptions {
  readonly modes: readonly Mode[];
  /** Rows or names; empty means all. */
  readonly only: readonly string[];
  readonly seed: number;
  readonly isFast: boolean;
  /** Outages as long as the catalogue has them, where the set has shorter ones in proportion. */
  readonly isFullLength: boolean;
  /** Repeat everything so many times. */
  readonly times: number;
  readonly json: string | null;
  /** Instead of the cases: so many minutes of faults at random, in each mode; 0 means none. */
  readonly soakMinutes: number;
  readonly isForDocs: boolean;
}

/** The arguments cannot be used; the message says why. */
export class OptionsError extends Error {}

export const HELP = `npm run chaos -- [options]

Breaks the platform on purpose, as real processes on this machine, and counts what became of every event.
Progress goes to stderr, the table to stdout.

  --mode <modes>    embedded, postgres, full, with commas between them; all of them unless it is given
  --only <names>    rows of the catalogue (F07,F12) or names of cases
  --fast            the fast subset, which npm test runs as well
  --full-length     outages last as long as the catalogue says; a case that scales them takes minutes then
  --seed <n>        repeats the choices of the run that printed this number
  --times <n>       runs everything so many times: 1
  --json <file>     writes every result there
  --soak <minutes>  instead of the cases: kills and freezes at random for so long, in each mode, under load
  --write-docs      writes the result into docs/reliability.md
  --list            shows the cases and where they run, and runs nothing
  --help            this text

PostgreSQL and RabbitMQ are started for the run. Exit code 1: an invariant did not hold, or a row of the catalogue has
no case. Exit code 2: the command could not run.
`;

export type Wanted = ChaosOptions | 'help' | 'list';

/** Throws `OptionsError`. */
export function readOptions(args: readonly string[]): Wanted {
  const values = parse(args);
  if (values.help) return 'help';
  if (values.list) return 'list';
  return {
    modes: values.mode === undefined ? MODES : listOf(values.mode).map(modeOf),
    only: listOf(values.only ?? ''),
    seed: wholeNumber('--seed', values.seed ?? String(Math.floor(Math.random() * 2 ** 31))),
    isFast: values.fast ?? false,
    isFullLength: values['full-length'] ?? false,
    times: wholeNumber('--times', values.times ?? '1'),
    json: values.json ?? null,
    soakMinutes: wholeNumber('--soak', values.soak ?? '0'),
    isForDocs: values['write-docs'] ?? false,
  };
}

function parse(args: readonly string[]): ReturnType<typeof parseKnown> {
  try {
    return parseKnown(args);
  } catch (error) {
    throw new OptionsError((error as Error).message);
  }
}

function parseKnown(args: readonly string[]): {
  readonly help?: boolean;
  readonly list?: boolean;
  readonly fast?: boolean;
  readonly 'full-length'?: boolean;
  readonly mode?: string;
  readonly only?: string;
  readonly seed?: string;
  readonly times?: string;
  readonly json?: string;
  readonly soak?: string;
  readonly 'write-docs'?: boolean;
} {
  const options = {
    help: { type: 'boolean', short: 'h' },
    list: { type: 'boolean' },
    fast: { type: 'boolean' },
    'full-length': { type: 'boolean' },
    mode: { type: 'string' },
    only: { type: 'string' },
    seed: { type: 'string' },
    times: { type: 'string' },
    json: { type: 'string' },
    soak: { type: 'string' },
    'write-docs': { type: 'boolean' },
  } as const;
  return parseArgs({ args: [...args], options, strict: true }).values;
}

const listOf = (text: string): string[] => text.split(',').filter((name) => name !== '');

function modeOf(value: string): Mode {
  const mode = MODES.find((known) => known === value);
  if (mode !== undefined) return mode;
  throw new OptionsError(`--mode is one of ${MODES.join(', ')}, not ${value}`);
}

function wholeNumber(name: string, value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new OptionsError(`${name} is a whole number, not ${value}`);
}
