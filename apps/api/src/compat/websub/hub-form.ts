import { AppError } from '#libs/kernel';

const MAX_TOPIC = 2_048;
const DIGITS = /^\d{1,15}$/;

/** What a subscriber asks of the hub. */
export interface HubForm {
  readonly mode: 'subscribe' | 'unsubscribe';
  readonly topic: string;
  readonly callback: string;
  /** Null: it names none. */
  readonly leaseSeconds: number | null;
  readonly secret: string | null;
}

/** Reads a subscriber's form. Fields of others are none of our business: extensions of the protocol have theirs. */
export function readHubForm(body: unknown): HubForm {
  const form = isRecord(body) ? body : {};
  const mode = required(form, 'hub.mode');
  if (mode !== 'subscribe' && mode !== 'unsubscribe') {
    throw unusable('hub.mode must be subscribe or unsubscribe.');
  }
  const topic = required(form, 'hub.topic');
  if (topic.length > MAX_TOPIC) throw unusable(`hub.topic must have at most ${MAX_TOPIC} characters.`);
  const callback = required(form, 'hub.callback');
  if (mode === 'unsubscribe') return { mode, topic, callback, leaseSeconds: null, secret: null };
  return { mode, topic, callback, leaseSeconds: leaseOf(form), secret: textOf(form, 'hub.secret') };
}

function leaseOf(form: Readonly<Record<string, unknown>>): number | null {
  const text = textOf(form, 'hub.lease_seconds');
  if (text === null) return null;
  const seconds = DIGITS.test(text) ? Number(text) : 0;
  if (seconds === 0) throw unusable('hub.lease_seconds must be a whole number of seconds above zero.');
  return seconds;
}

function required(form: Readonly<Record<string, unknown>>, name: string): string {
  const text = textOf(form, name);
  if (text === null) throw unusable(`${name} is missing.`);
  return text;
}

/** Null for a field that is left out, or left empty. */
function textOf(form: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = Object.hasOwn(form, name) ? form[name] : undefined;
  if (value === undefined || value === '') return null;
  if (typeof value !== 'string') throw unusable(`${name} must be given once.`);
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function unusable(message: string): AppError {
  return new AppError('malformed', 'malformed_request', message);
}
