import type { BellhopEvent } from '#libs/events';
import { ID_PREFIX, toTypeId } from '#libs/kernel';
import type { EventHead } from './envelope.js';

/** JSON around the publisher's own bytes, which are copied and never parsed. */
export function around(head: string, data: Buffer, tail: string): Buffer {
  return Buffer.concat([Buffer.from(head), data, Buffer.from(tail)]);
}

/** Compact JSON; members stand in the order in which they were written. */
export function compactJson(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** The data as an object, for shapes that need a member of it; empty if it is anything else. */
export function membersOf({ data }: BellhopEvent): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(data.toString('utf8'));
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/** The first of these members that is a text and not empty; undefined if none is. */
export function firstText(
  members: Readonly<Record<string, unknown>>,
  names: readonly string[],
): string | undefined {
  return names
    .map((name) => (Object.hasOwn(members, name) ? members[name] : undefined))
    .find((value): value is string => typeof value === 'string' && value !== '');
}

/** What the event is about: its subject, else the `id` in its data, else the event itself. */
export function subjectOf(event: BellhopEvent): string {
  return event.subject ?? firstText(membersOf(event), ['id']) ?? eventId(event);
}

export function eventId({ id }: EventHead): string {
  return toTypeId(ID_PREFIX.event, id);
}

/** The last word of a type: what happened. */
export function verbOf(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1);
}

/** The word before it: what it happened to. */
export function thingOf(type: string): string {
  return type.split('.').at(-2) ?? type;
}

/** Whether the type says that something is gone. */
export function isRemoval(type: string): boolean {
  return /^(?:deleted|removed|destroyed|purged)$/.test(verbOf(type));
}

export function unixSeconds({ timestamp }: EventHead): number {
  return Math.floor(timestamp.getTime() / 1000);
}

/** The first 52 bits of a UUID: for receivers whose ids are whole numbers. */
export function numberOf(uuid: string): number {
  return Number.parseInt(uuid.replaceAll('-', '').slice(0, 13), 16);
}
