import { ID_PREFIX, toTypeId } from '#libs/kernel';
import { addOnKey, hasAddOnKey } from '../secrets/add-on-key.js';
import { asymmetricSecret, keyPairOf, publicKeyText } from '../secrets/asymmetric-secret.js';
import { invalidSecret, type SecretFormat } from '../secrets/secret-format.js';
import { standardSecret } from '../secrets/standard-secret.js';
import { type HttpSignatureRules, rfc9421Signer } from '../signers/rfc9421.signer.js';
import type { Signer } from '../signers/signer.js';
import { standardSigner } from '../signers/standard.signer.js';

/** Signatures that any profile can carry beside its own. */
export const ADD_ONS = ['standard', 'rfc9421'] as const;
export type AddOnName = (typeof ADD_ONS)[number];

export interface AddOnContext {
  /** How the profile reads the secret that the add-on signs with, too. */
  readonly secret: SecretFormat;
  readonly contentType: string;
  readonly subscriptionId: string;
}

export function addOnSigner(name: AddOnName, context: AddOnContext): Signer {
  return name === 'standard'
    ? withKeys(standardSigner, keyReader(context.secret))
    : rfc9421Signer(rulesOf(context));
}

/** The signatures of Standard Webhooks beside those of a profile with a text as secret, if that text is `whsec_…`. */
export const standardBeside: Signer = {
  headers: (input) => {
    const keys = input.keys.filter(hasAddOnKey).map(addOnKey);
    return keys.length === 0 ? {} : standardSigner.headers({ ...input, keys });
  },
};

/** Throws `invalid_secret` if one of these add-ons cannot sign with a secret that the profile itself can read. */
export function checkAddOnSecret(names: readonly AddOnName[], format: SecretFormat, secret: string): void {
  const key = format.parse(secret);
  // Its ed25519 half signs by RFC 9421.
  if (format === asymmetricSecret && !names.includes('standard')) return;
  // An HMAC with an empty key is one that anybody can make.
  if (keyReader(format)(key).length === 0) throw invalidSecret('must begin with a whsec_ secret and a space');
}

function rulesOf({ secret, contentType, subscriptionId }: AddOnContext): HttpSignatureRules {
  if (secret === asymmetricSecret) {
    const seedOf = (key: Buffer): Buffer => keyPairOf(key).seed;
    const keyId = (key: Buffer): string => publicKeyText(seedOf(key));
    return { algorithm: 'ed25519', contentType, keyId, signingKey: seedOf };
  }
  const keyId = toTypeId(ID_PREFIX.subscription, subscriptionId);
  return { algorithm: 'hmac-sha256', contentType, keyId: () => keyId, signingKey: keyReader(secret) };
}

/** From a key of the profile to the bytes that an add-on signs with. */
function keyReader(secret: SecretFormat): (key: Buffer) => Buffer {
  if (secret === asymmetricSecret) return (key) => keyPairOf(key).shared;
  return secret === standardSecret ? (key) => key : addOnKey;
}

function withKeys(signer: Signer, read: (key: Buffer) => Buffer): Signer {
  return {
    headers: (input) => signer.headers({ ...input, keys: input.keys.map(read) }),
  };
}
