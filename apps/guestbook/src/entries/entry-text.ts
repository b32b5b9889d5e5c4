import type { FieldError } from '#libs/kernel';
import { textField } from '#libs/web-pages';

/** Characters as people count them: an emoji is one. */
export const MAX_NAME_LENGTH = 80;
export const MAX_MESSAGE_LENGTH = 2000;

/** What somebody wants to write into the guestbook. */
export interface EntryText {
  readonly name: string;
  readonly message: string;
}

/** The text as it is stored, and what is wrong with it. */
export interface CheckedEntry {
  readonly text: EntryText;
  readonly errors: readonly FieldError[];
}

/** Reads name and message from a form or a JSON body. Whatever they hold is text: nothing in them is cut out. */
export function checkEntry(body: unknown): CheckedEntry {
  const text = { name: normalise(textField(body, 'name')), message: normalise(textField(body, 'message')) };
  const faults = [
    faultOf('name', text.name, MAX_NAME_LENGTH),
    faultOf('message', text.message, MAX_MESSAGE_LENGTH),
  ];
  return { text, errors: faults.filter((fault) => fault !== null) };
}

/**
 * One line break for all systems, so that a form (which sends CR LF) and JSON store the same text. PostgreSQL's text
 * can hold neither NUL nor half a surrogate pair; U+FFFD says that something stood there.
 */
export function normalise(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/\0|\p{Surrogate}/gu, '\ufffd')
    .trim();
}

function faultOf(field: keyof EntryText, text: string, max: number): FieldError | null {
  const length = Array.from(text).length;
  if (length === 0) return { field, message: `Please write your ${field}: 1 to ${max} characters.` };
  if (length <= max) return null;
  return { field, message: `Please keep your ${field} to ${max} characters; it has ${length}.` };
}
