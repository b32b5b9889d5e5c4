import { invalidSecret, type SecretFormat } from './secret-format.js';
import { newSecret } from './standard-secret.js';

const MAX_BYTES = 256;

export interface TextSecretRules {
  readonly maxBytes?: number;
  /** What the text must match, and how to say so. */
  readonly pattern?: RegExp;
  readonly says?: string;
  /** How its letters become bytes; utf8 if left out. */
  readonly encoding?: 'utf8' | 'latin1' | 'hex' | 'base64';
  readonly generate?: () => string;
}

/** A secret whose text, prefix and all, is the key. A new one also is a Standard Webhooks secret. */
export function textSecret(rules: TextSecretRules = {}): SecretFormat {
  const { maxBytes = MAX_BYTES, pattern = /^[^\p{Cc}]+$/u, encoding = 'utf8' } = rules;
  const says = rules.says ?? `must be a text of 1 to ${maxBytes} bytes without control characters`;
  return {
    generate: rules.generate ?? newSecret,
    share: (secret) => secret,
    publicKey: () => null,
    parse: (secret) => {
      const isUsable = pattern.test(secret) && secret.isWellFormed() && Buffer.byteLength(secret) <= maxBytes;
      if (!isUsable) throw invalidSecret(says);
      return Buffer.from(secret, encoding);
    },
  };
}

export const utf8Secret: SecretFormat = textSecret();

/**
 * ASCII only: receivers disagree about the bytes of other letters. They read it from a file that drops blanks around it,
 * and from JSON that was pasted together, which quotes and backslashes would break.
 */
export const asciiSecret: SecretFormat = textSecret({
  pattern: /^(?! )[\x20\x21\x23-\x5b\x5d-\x7e]+(?<! )$/,
  says: 'must be printable ASCII without ", \\ and spaces around it',
  encoding: 'latin1',
});
