import { AppError } from '#libs/kernel';

/** How a secret is made and read: the same text is different key bytes to different receivers. */
export interface SecretFormat {
  generate(): string;
  /** The key bytes of a secret; throws `invalid_secret`. */
  parse(secret: string): Buffer;
  /** What a receiver needs of the secret; all of it unless a part is the sender's alone. */
  share(secret: string): string;
  /** The public half, `whpk_…`, of a secret that has one. */
  publicKey(secret: string): string | null;
}

export function invalidSecret(message: string): AppError {
  return new AppError('invalid', 'invalid_secret', `The secret ${message}.`, {
    errors: [{ field: 'secret', message }],
  });
}
