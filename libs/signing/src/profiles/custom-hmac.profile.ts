import { randomBytes } from 'node:crypto';
import type { FieldError } from '#libs/kernel';
import { standardEnvelope } from '../envelopes/standard.envelope.js';
import type { SecretFormat } from '../secrets/secret-format.js';
import { textSecret, utf8Secret } from '../secrets/text-secret.js';
import { type HmacRecipe, hmacSigner } from '../signers/hmac.signer.js';
import { HANDSHAKE_NAMES, type HandshakeName } from '../handshakes/handshake.js';
import { HEADER_NAME, HTTP_URL, oneOf, PLAIN, REQUIRED, text, wholeNumber } from './config-rules.js';
import { defineProfile } from './profile.js';
import { transport } from './transport.js';

type KeyEncoding = 'utf8' | 'latin1' | 'base64' | 'hex';
interface CustomConfig extends HmacRecipe {
  readonly keyEncoding: KeyEncoding;
  readonly expectedAnswer?: string;
}

const SECRETS: Readonly<Record<KeyEncoding, SecretFormat>> = {
  utf8: utf8Secret,
  latin1: textSecret({
    pattern: /^[\x20-\x7e\xa0-\xff]+$/,
    says: 'must be a text in latin-1 without control characters',
    encoding: 'latin1',
  }),
  base64: textSecret({
    pattern: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/,
    says: 'must be standard base64 with padding',
    encoding: 'base64',
    generate: () => randomBytes(32).toString('base64'),
  }),
  hex: textSecret({
    pattern: /^(?:[0-9a-fA-F]{2})+$/,
    says: 'must be hexadecimal digits, two for each byte',
    encoding: 'hex',
    generate: () => randomBytes(32).toString('hex'),
  }),
};

/** Any but Asana's, which would send the key itself in a header: as bytes it may not fit there. */
const HANDSHAKES: readonly HandshakeName[] = HANDSHAKE_NAMES.filter((name) => name !== 'asana');

/** What the handshakes of others ask with. */
const ASKED_WITH = {
  appId: text('for the handshake kloudless: the answer', PLAIN),
  verifyToken: text('for the handshake meta: `hub.verify_token`', PLAIN),
  topic: text('for the handshake websub: the URL of the topic', HTTP_URL),
  lease: wholeNumber('for the handshake websub: seconds', 31_536_000),
  project: text('for the handshake mcs-s3: first part of the topic', PLAIN),
  bucket: text('for the handshake mcs-s3: second part of the topic', PLAIN),
  rate: wholeNumber('for the handshake cloudevents: requests a minute that we ask for', 1_000_000),
};

/** HMAC as somebody else's receiver has it: which header, which text, which digest, which letters. */
export const customHmacProfile = defineProfile<CustomConfig>({
  name: 'custom-hmac',
  says: 'HMAC in a header of your choice',
  handshakes: HANDSHAKES,
  defaultHandshake: 'ping',
  config: {
    header: text('the header of the signature', HEADER_NAME, REQUIRED),
    prefix: text('what stands before the signature', PLAIN),
    algorithm: oneOf('the digest', ['sha1', 'sha256', 'sha384', 'sha512'], { fallback: 'sha256' }),
    encoding: oneOf('the letters of the signature', ['hex', 'base64', 'base64url'], { fallback: 'hex' }),
    template: text('what is signed, with `{id}`, `{timestamp}`, `{body}` and `{url}`', PLAIN, {
      fallback: '{body}',
    }),
    keyEncoding: oneOf('how the secret becomes bytes', Object.keys(SECRETS), { fallback: 'utf8' }),
    timestampHeader: text('the header that carries `{timestamp}`', HEADER_NAME),
    idHeader: text('the header that carries `{id}`', HEADER_NAME),
    expectedAnswer: text('the whole body of an answer that delivers; any 2xx delivers if left out', PLAIN),
    ...ASKED_WITH,
  },
  faults: togetherFaults,
  signers: ({ config }) => [hmacSigner(config)],
  envelope: standardEnvelope,
  transport: ({ config }) => transport({ expectedAnswer: config.expectedAnswer?.trim() ?? null }),
  secret: ({ config }) => SECRETS[config.keyEncoding],
});

/** What the receiver could not verify, or anybody could change. */
function togetherFaults({
  header,
  template = '{body}',
  timestampHeader,
  idHeader,
}: Partial<CustomConfig>): FieldError[] {
  const isSame = (one?: string, other?: string): boolean =>
    one !== undefined && one.toLowerCase() === other?.toLowerCase();
  const missing: [boolean, string, string][] = [
    [!template.includes('{body}'), 'template', 'must contain {body}, or the body could be any'],
    [
      template.includes('{timestamp}') && timestampHeader === undefined,
      'timestampHeader',
      'is missing: the template signs {timestamp}',
    ],
    [template.includes('{id}') && idHeader === undefined, 'idHeader', 'is missing: the template signs {id}'],
    [isSame(timestampHeader, header), 'timestampHeader', 'is the header of the signature'],
    [isSame(idHeader, header) || isSame(idHeader, timestampHeader), 'idHeader', 'is taken by another value'],
  ];
  return missing
    .filter(([isFault]) => isFault)
    .map(([, name, message]) => ({ field: `profileConfig.${name}`, message }));
}
