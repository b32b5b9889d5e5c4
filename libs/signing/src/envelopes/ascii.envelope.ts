import type { Envelope } from './envelope.js';

/** The same JSON with everything outside ASCII as `\uXXXX`: one spelling for receivers of every encoding. */
export function asciiEnvelope(envelope: Envelope): Envelope {
  return { ...envelope, body: (event) => asciiJson(envelope.body(event)) };
}

/** JSON has other letters only in texts, and there an escape means the same. */
export function asciiJson(json: Buffer): Buffer {
  const text = json.toString('utf8');
  return Buffer.from(text.replace(/[\x7f-\uffff]/g, escapeOf), 'latin1');
}

function escapeOf(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
