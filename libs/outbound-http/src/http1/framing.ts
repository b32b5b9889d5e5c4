import type { ResponseHead } from './response-head.js';

/** Where a body ends: after this many bytes, with its last chunk, or with the connection. */
export type Framing = number | 'chunked' | 'until-close';

const MAX_KEPT_MS = 60_000;
/** A connection that is about to be closed by the other side is not used: the request might cross the close. */
const MARGIN_MS = 2000;

const LENGTH = /^\d{1,15}$/;
const CHUNKED_LAST = /(?:^|,)[\t ]*chunked$/i;
const CHUNKED_EARLIER = /(?:^|,)[\t ]*chunked[\t ]*,/i;
const CLOSE = /(?:^|,)[\t ]*close[\t ]*(?:,|$)/i;
const KEEP_ALIVE = /(?:^|,)[\t ]*keep-alive[\t ]*(?:,|$)/i;
const KEPT_SECONDS = /\btimeout=(\d{1,9})/i;

/** Null if the headers contradict each other, as then two readers could see the end at two places. */
export function framingOf({ status, headers }: ResponseHead, isHeadRequest: boolean): Framing | null {
  const length = headers['content-length'];
  const coding = headers['transfer-encoding'];
  // A repeated length is joined by a comma and so is no number.
  if (length !== undefined && (coding !== undefined || !LENGTH.test(length))) return null;
  if (coding !== undefined && CHUNKED_EARLIER.test(coding)) return null;
  if (isHeadRequest || isBodiless(status)) return 0;
  if (coding !== undefined) return CHUNKED_LAST.test(coding) ? 'chunked' : 'until-close';
  return length === undefined ? 'until-close' : Number(length);
}

/** For how long the connection may wait for another request after this response; 0: not at all. */
export function keptMsOf({ status, minorVersion, headers }: ResponseHead): number {
  const connection = headers['connection'];
  if (connection !== undefined && CLOSE.test(connection)) return 0;
  const coding = headers['transfer-encoding'];
  if (minorVersion === 0) {
    if (connection === undefined || !KEEP_ALIVE.test(connection) || coding !== undefined) return 0;
  }
  // The body that it announces may still follow, and would be taken for the next response.
  const announced = coding ?? headers['content-length'] ?? '0';
  if (status === 204 && announced !== '0') return 0;
  const seconds = KEPT_SECONDS.exec(headers['keep-alive'] ?? '')?.[1];
  return seconds === undefined
    ? MAX_KEPT_MS
    : Math.max(0, Math.min(MAX_KEPT_MS, Number(seconds) * 1000 - MARGIN_MS));
}

function isBodiless(status: number): boolean {
  return status < 200 || status === 204 || status === 304;
}
