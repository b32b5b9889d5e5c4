import type { FieldError } from '#libs/kernel';

export const MODES = ['status', 'delay', 'hang', 'reset'] as const;
export type Mode = (typeof MODES)[number];

/** What to do wrong, and for how many more requests (null: until told otherwise). */
export interface Behaviour {
  readonly mode: Mode;
  readonly status: number;
  readonly retryAfterSeconds: number | null;
  readonly delayMs: number;
  readonly remaining: number | null;
}

export interface CheckedBehaviour {
  /** Null: behave well again. */
  readonly behaviour: Behaviour | null;
  readonly errors: readonly FieldError[];
}

const MAX_DELAY_MS = 120_000;

/** Reads a form's or a JSON body's wish; numbers may be text, as forms send them. */
export function checkBehaviour(body: unknown): CheckedBehaviour {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  if (fields['mode'] === 'off') return { behaviour: null, errors: [] };
  const errors: FieldError[] = [];
  const number = (field: string, range: Range): number | null => {
    const value = numberOf(fields[field]);
    if (value === null) return null;
    if (Number.isInteger(value) && value >= range.min && value <= range.max) return value;
    errors.push({ field, message: `must be a whole number from ${range.min} to ${range.max}` });
    return null;
  };
  const mode = MODES.find((one) => one === fields['mode']);
  if (mode === undefined) errors.push({ field: 'mode', message: `must be off, ${MODES.join(', ')}` });
  const behaviour: Behaviour = {
    mode: mode ?? 'status',
    status: number('status', { min: 200, max: 599 }) ?? 500,
    retryAfterSeconds: number('retryAfterSeconds', { min: 0, max: 86_400 }),
    delayMs: number('delayMs', { min: 0, max: MAX_DELAY_MS }) ?? 5000,
    remaining: number('requests', { min: 1, max: 100_000 }),
  };
  return { behaviour, errors };
}

interface Range {
  readonly min: number;
  readonly max: number;
}

function numberOf(value: unknown): number | null {
  if (value === undefined || value === null || value === '') return null;
  return typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
}

/** What the inbox is doing, in words. */
export function describe({ mode, status, retryAfterSeconds, delayMs, remaining }: Behaviour): string {
  const wait = retryAfterSeconds === null ? '' : ` with Retry-After: ${retryAfterSeconds}`;
  const deeds: Readonly<Record<Mode, string>> = {
    status: `answers ${status}${wait}`,
    delay: `answers ${delayMs} ms late`,
    hang: 'takes requests and never answers',
    reset: 'breaks the connection',
  };
  const span =
    remaining === null ? 'until switched off' : remaining === 1 ? 'once more' : `${remaining} more times`;
  return `${deeds[mode]}, ${span}`;
}
