import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppConfig, requireSecretKeys } from '#libs/config';
import { type KeyringEntry, parseKeyring } from './keyring.js';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A secret as it is stored: iv, tag and AES-256-GCM text in one, and the id of the key that made it. */
export interface SealedSecret {
  readonly ciphertext: Buffer;
  readonly keyId: string;
}

/** The secret cannot be read: its key left the keyring, or the bytes belong to another subscription. */
export class SecretUnreadableError extends Error {}

/** Encrypts secrets at rest. What was sealed for one subscription cannot be opened as another's. */
@Injectable()
export class SecretBox {
  private readonly current: KeyringEntry;
  private readonly keys: ReadonlyMap<string, Buffer>;

  constructor(config: AppConfig) {
    requireSecretKeys(config);
    const keyring = parseKeyring(config.secrets.keyring);
    this.current = keyring[0];
    this.keys = new Map(keyring.map(({ id, bytes }) => [id, bytes]));
  }

  seal(secret: string, subscriptionId: string): SealedSecret {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.current.bytes, iv).setAAD(Buffer.from(subscriptionId));
    const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return { ciphertext: Buffer.concat([iv, cipher.getAuthTag(), text]), keyId: this.current.id };
  }

  /** Throws `SecretUnreadableError`. */
  open({ ciphertext, keyId }: SealedSecret, subscriptionId: string): string {
    const key = this.keys.get(keyId);
    if (!key) throw new SecretUnreadableError(`the keyring has no key "${keyId}"`);
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, ciphertext.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(subscriptionId));
      decipher.setAuthTag(ciphertext.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      const text = decipher.update(ciphertext.subarray(IV_BYTES + TAG_BYTES));
      return Buffer.concat([text, decipher.final()]).toString('utf8');
    } catch (error) {
      throw new SecretUnreadableError('the secret was not sealed for this subscription by this key', {
        cause: error,
      });
    }
  }
}
