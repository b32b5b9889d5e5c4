import { createHash, hash, randomBytes } from 'node:crypto';

const PREFIX = 'bhk_';
const CHECKSUM_LENGTH = 6;
const OWN_KEY = new RegExp(`^${PREFIX}([A-Za-z0-9_-]{43})([A-Za-z0-9_-]{${CHECKSUM_LENGTH}})$`);

/** A new key: 256 random bits and a checksum, by which leaked keys are found in texts without asking us. */
export function newKeyText(): string {
  const secret = randomBytes(32).toString('base64url');
  return PREFIX + secret + checksumOf(secret);
}

/**
 * Whether the text can be a key at all. Of the spellings that base64url has for the same bytes only ours counts; an
 * operator's own key (BELLHOP_ADMIN_KEY) may be any text that does not look like ours.
 */
export function isCanonicalKey(text: string): boolean {
  if (!text.startsWith(PREFIX)) return text.length > 0;
  const [, secret = '', checksum] = OWN_KEY.exec(text) ?? [];
  return checksum === checksumOf(secret) && Buffer.from(secret, 'base64url').toString('base64url') === secret;
}

export function hashOfKey(text: string): Buffer {
  return Buffer.from(hashTextOfKey(text), 'base64');
}

/** The hash as base64, in one step: every request asks for it. */
export function hashTextOfKey(text: string): string {
  return hash('sha256', text, 'base64');
}

function checksumOf(secret: string): string {
  return createHash('sha256').update(`${PREFIX}${secret}`).digest('base64url').slice(0, CHECKSUM_LENGTH);
}
