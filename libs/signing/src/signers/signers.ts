import { asymmetricSigner } from './asymmetric.signer.js';
import { discordSigner } from './discord.signer.js';
import { rfc9421Signer } from './rfc9421.signer.js';
import type { Signer } from './signer.js';
import { standardSigner } from './standard.signer.js';
import { stripeSigner } from './stripe.signer.js';
import { tokenSigner } from './token.signer.js';
import {
  asanaSigner,
  dropboxSigner,
  githubSha1Signer,
  githubSigner,
  kloudlessSigner,
  preservicaSigner,
  shopifySigner,
  slackSigner,
  smartsheetSigner,
  trelloSigner,
  twitchSigner,
  twitterSigner,
  websubSigner,
  zoomSigner,
} from './vendor.signers.js';

const ANY_KEY_ID = { contentType: '', keyId: () => '', signingKey: (key: Buffer) => key };

/** Every signature that a receiver may want to verify. */
const SIGNERS = {
  standard: standardSigner,
  'standard-asymmetric': asymmetricSigner,
  'rfc9421-hmac': rfc9421Signer({ ...ANY_KEY_ID, algorithm: 'hmac-sha256' }),
  'rfc9421-ed25519': rfc9421Signer({ ...ANY_KEY_ID, algorithm: 'ed25519' }),
  preservica: preservicaSigner,
  kloudless: kloudlessSigner,
  github: githubSigner,
  'github-sha1': githubSha1Signer,
  stripe: stripeSigner,
  slack: slackSigner,
  meta: githubSigner,
  twitter: twitterSigner,
  zoom: zoomSigner,
  dropbox: dropboxSigner,
  smartsheet: smartsheetSigner,
  asana: asanaSigner,
  okta: tokenSigner('okta', ''),
  bearer: tokenSigner('bearer', 'Bearer '),
  twitch: twitchSigner,
  shopify: shopifySigner,
  trello: trelloSigner,
  discord: discordSigner,
  'websub-sha1': websubSigner('sha1'),
  websub: websubSigner('sha256'),
  'websub-sha384': websubSigner('sha384'),
  'websub-sha512': websubSigner('sha512'),
} as const satisfies Readonly<Record<string, Signer>>;

export type SignerName = keyof typeof SIGNERS;

export function signerNamed(name: SignerName): Signer {
  return SIGNERS[name];
}
