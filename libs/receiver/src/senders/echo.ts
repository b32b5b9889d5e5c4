import { type Answer, textAnswer } from '../request.js';
import { answered, type Reading, refused } from '../sender.js';

/**
 * A code that may be signed or repeated. It has no brace, colon, dot or blank, so a proof over it can never be the
 * signature of a body: otherwise a challenge would be a way to have any event signed.
 */
const PROVABLE_CODE = /^[A-Za-z0-9_-]{16,128}$/;
const MAX_ECHO = 1024;

export function isProvable(code: string | null | undefined): code is string {
  return typeof code === 'string' && PROVABLE_CODE.test(code);
}

/** Repeats a code as plain text, if it is one line of a reasonable length. */
export function echo(code: string, toAnswer: (code: string) => Answer = textAnswer): Reading {
  const isPlain = code.length > 0 && code.length <= MAX_ECHO && /^[\x20-\x7e]+$/.test(code);
  return isPlain ? answered(toAnswer(code)) : badChallenge();
}

export function badChallenge(): Reading {
  return refused('The challenge has no code, or one that is not answered.', 400);
}
