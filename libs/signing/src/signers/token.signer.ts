import { isEqualConstantTime } from '../constant-time.js';
import { textSecret } from '../secrets/text-secret.js';
import type { Signer } from './signer.js';

export const tokenSecret = textSecret({
  pattern: /^[\x21-\x7e]+$/,
  says: 'must be printable ASCII without spaces: it stands in a header',
});

/** Not a signature: the secret itself in the header `Authorization`, as some receivers want it. Needs TLS. */
export function tokenSigner(name: string, scheme: string): Signer {
  return {
    name,
    secret: tokenSecret,
    verificationKey: (text) => tokenSecret.parse(text),
    headers: ({ keys: [key] }): Record<string, string> =>
      key ? { Authorization: scheme + key.toString('latin1') } : {},
    verify: ({ request, keys }) => {
      const offered = request.headers['authorization'] ?? '';
      return keys.some((key) => isEqualConstantTime(offered, scheme + key.toString('latin1')));
    },
  };
}
