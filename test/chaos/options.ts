import { OptionsError, parseOptions } from '../support/arguments.js';
import { type Mode, MODES } from './case.js';

export interface ChaosOptions {
  readonly modes: readonly Mode[];
  /** Rows or names; empty means all. */
  readonly only: readonly string[];
  readonly seed: number;
  readonly isFast: boolean;
  /** Outages as long as the catalogue has them, where the set has shorter ones in proportion. */
  readonly isFullLength: boolean;
  /** Such outages last so long instead; 0 means that nobody asked for it. */
  readonly outageMinutes: number;
  /** The modes one after the other, and not beside each other. */
  readonly isOneAtATime: boolean;
  /** Repeat everything so many times. */
  readonly times: number;
  readonly json: string | null;
  /** Instead of the cases: so many minutes of faults at random, in each mode; 0 means none. */
  readonly soakMinutes: number;
  readonly isForDocs: boolean;
}

export const HELP = `npm run chaos -- [options]

Breaks the platform on purpose, as real processes on this machine, and counts what became of every event.
The modes run side by side, each in a process of its own with servers of its own. Progress goes to stderr under the name
of its mode, one table of all to stdout. Ctrl-C ends everything that was started.

  --mode <modes>    embedded, postgres, full, with commas between them; all of them unless it is given
  --only <names>    rows of the catalogue (F07,F12) or names of cases
  --fast            the fast subset, which npm test runs as well
  --full-length     outages last as long as the catalogue says; a case that scales them takes minutes then
  --outage <min>    such outages last so many minutes instead, for example 30
  --one-at-a-time   one mode after the other: slower, and what is measured is undisturbed
  --seed <n>        repeats the choices of the run that printed this number, those of one mode with --mode as well
  --times <n>       runs everything so many times: 1
  --json <file>     writes every result there
  --soak <minutes>  instead of the cases: kills and freezes at random for so long under load, one mode after the other
  --write-docs      writes the result into docs/reliability.md
  --list            shows the cases and where they run, and runs nothing
  --help            this text

PostgreSQL and RabbitMQ are started for the run. Exit code 1: an invariant did not hold, a row of the catalogue has no
case, or the process of a mode ended before it was through. Exit code 2: the command could not run.
`;

const KNOWN = {
  help: { type: 'boolean', short: 'h' },
  list: { type: 'boolean' },
  fast: { type: 'boolean' },
  'full-length': { type: 'boolean' },
  outage: { type: 'string' },
  'one-at-a-time': { type: 'boolean' },
  mode: { type: 'string' },
  only: { type: 'string' },
  seed: { type: 'string' },
  times: { type: 'string' },
  json: { type: 'string' },
  soak: { type: 'string' },
  'write-docs': { type: 'boolean' },
} as const;

export type Wanted = ChaosOptions | 'help' | 'list';

/** Throws `OptionsError`. */
export function readOptions(args: readonly string[]): Wanted {
  const values = parseOptions(args, KNOWN);
  if (values.help) return 'help';
  if (values.list) return 'list';
  return {
    modes: values.mode === undefined ? MODES : listOf(values.mode).map(modeOf),
    only: listOf(values.only ?? ''),
    seed: wholeNumber('--seed', values.seed ?? String(Math.floor(Math.random() * 2 ** 31))),
    isFast: values.fast ?? false,
    isFullLength: values['full-length'] ?? false,
    outageMinutes: wholeNumber('--outage', values.outage ?? '0'),
    isOneAtATime: values['one-at-a-time'] ?? false,
    times: wholeNumber('--times', values.times ?? '1'),
    json: values.json ?? null,
    soakMinutes: wholeNumber('--soak', values.soak ?? '0'),
    isForDocs: values['write-docs'] ?? false,
  };
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
