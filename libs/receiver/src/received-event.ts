import { createHash } from 'node:crypto';
import { parsedJson } from './json.js';

/** What a request brought, before anybody kept it. */
export interface NewEvent {
  /** The same at every attempt of the sender, so that a repetition is recognised. */
  readonly id: string;
  readonly type: string;
  /** Events of one key are worked on one after the other. */
  readonly key: string;
  readonly payload: Buffer;
}

/** An event that was kept and is to be worked on. */
export interface ReceivedEvent extends NewEvent {
  readonly receivedAt: Date;
}

const MAX_LENGTH = 200;

/** An event whose words fit into any store: no NUL, no half characters, nothing endless. */
export function newEvent({ id, type, key = id, payload }: Partial<NewEvent> & EventCore): NewEvent {
  return { id: identifier(id), type: storable(type).slice(0, MAX_LENGTH), key: identifier(key), payload };
}

interface EventCore {
  readonly id: string;
  readonly type: string;
  readonly payload: Buffer;
}

/** The payload as JSON, or as its text where it is none. */
export function contentOf({ payload }: Pick<NewEvent, 'payload'>): unknown {
  const value = parsedJson(payload);
  return value === undefined ? payload.toString() : value;
}

export function storable(text: string): string {
  return text.replaceAll('\0', '\ufffd').toWellFormed();
}

/** A name for an event whose sender gives none: equal bytes are taken for the same event. */
export function digestOf(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** Cut text would make two events one, so what is too long or cannot be stored is replaced by its digest. */
function identifier(text: string): string {
  return text.length > MAX_LENGTH || storable(text) !== text ? digestOf(text) : text;
}
