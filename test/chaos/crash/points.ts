/**
 * The moments of the path at which a process can be made to die, in their order. `before_commit` and `after_commit` are
 * of the publisher's own transaction, the two of intake of the one that accepts the event; a point that a mode does not
 * pass is never reached there.
 */
export const CRASH_POINTS = [
  'after_outbox_insert',
  'before_commit',
  'after_commit',
  'relay_read',
  'relay_published',
  'relay_confirmed',
  'intake_before_commit',
  'intake_committed',
  'claim_written',
  'request_sent',
  'headers_received',
  'body_read',
  'result_before_commit',
  'result_committed',
  'ack_sent',
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

/**
 * kill: SIGKILL · freeze: SIGSTOP, until somebody sends SIGCONT · throw: an error that nobody catches · reject: a
 * promise that nobody catches.
 */
export const CRASH_ACTIONS = ['kill', 'freeze', 'throw', 'reject'] as const;
export type CrashAction = (typeof CRASH_ACTIONS)[number];

/** What happens when the point is reached for the nth time from now on. */
export interface Crash {
  readonly point: CrashPoint;
  readonly nth: number;
  readonly action: CrashAction;
}

/** `name`, `name:n` or `name:n:action`. */
export function parseCrash(text: string): Crash {
  const [name = '', nth = '1', action = 'kill'] = text.split(':');
  const point = CRASH_POINTS.find((known) => known === name);
  const known = CRASH_ACTIONS.find((each) => each === action);
  if (point === undefined || known === undefined || !(Number(nth) >= 1)) {
    throw new Error(`a crash is name:n:action; names: ${CRASH_POINTS.join(', ')}; not ${text}`);
  }
  return { point, nth: Number(nth), action: known };
}

/** Beside the file of the plan: a line for each point at which the process did as it was told. */
export const firedFile = (planFile: string): string => `${planFile}-fired`;
