import { headerOf, type IncomingRequest } from '../request.js';
import { signingKey } from '../verify/hmac.js';
import { isRecent } from '../verify/timestamp.js';

export interface TimedSignature {
  readonly timeHeader: string;
  readonly signatureHeader: string;
  readonly keys: readonly Buffer[];
  readonly now: Date;
  readonly toleranceSeconds?: number | undefined;
}

/** The shape that Slack and Zoom share: `v0=` and the hex HMAC over `v0:time:body`. */
export function isSignedV0(request: IncomingRequest, expected: TimedSignature): boolean {
  const { timeHeader, signatureHeader, keys, now, toleranceSeconds } = expected;
  const time = headerOf(request, timeHeader);
  const signature = headerOf(request, signatureHeader) ?? '';
  if (!signature.startsWith('v0=') || !isRecent(time, now, toleranceSeconds)) return false;
  const parts = [`v0:${time}:`, request.body];
  return signingKey({ given: signature.slice(3), parts, keys, encoding: 'hex' }) !== null;
}
