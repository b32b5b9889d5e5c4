import { textSecret } from '../secrets/text-secret.js';
import type { Signer } from './signer.js';

export const tokenSecret = textSecret({
  pattern: /^[\x21-\x7e]+$/,
  says: 'must be printable ASCII without spaces: it stands in a header',
});

/** Not a signature: the secret itself in the header `Authorization`, as some receivers want it. Needs TLS. */
export function tokenSigner(scheme = ''): Signer {
  return {
    headers: ({ keys: [key] }): Record<string, string> =>
      key ? { Authorization: scheme + key.toString('latin1') } : {},
  };
}
