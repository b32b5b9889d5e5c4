import { type WebsubConfig, websubEnvelope } from '../envelopes/websub.envelope.js';
import {
  WEBSUB_ALGORITHMS,
  type WebsubAlgorithm,
  websubSecret,
  websubSigner,
} from '../signers/vendor.signers.js';
import { HTTP_URL, oneOf, REQUIRED, text, wholeNumber } from './config-rules.js';
import { defineProfile } from './profile.js';

const MAX_LEASE_SECONDS = 31_536_000;

/** WebSub: what a hub distributes. */
export const websubProfile = defineProfile<WebsubConfig & { algorithm: WebsubAlgorithm | 'none' }>({
  name: 'websub',
  says: 'WebSub: the news of a topic, from a hub',
  handshakes: ['websub', 'none'],
  defaultHandshake: 'websub',
  config: {
    topic: text('the URL of the topic', HTTP_URL, REQUIRED),
    hub: text('the URL of the hub', HTTP_URL),
    lease: wholeNumber('seconds until it must be renewed', MAX_LEASE_SECONDS),
    algorithm: oneOf('of `X-Hub-Signature`; none: without', [...WEBSUB_ALGORITHMS, 'none'], {
      fallback: 'sha256',
    }),
  },
  fromPlatform: (publicUrl) => (publicUrl === null ? {} : { hub: new URL('/hub', publicUrl).href }),
  // Whoever subscribed without a secret could verify nothing.
  signers: ({ config }) => (config.algorithm === 'none' ? [] : [websubSigner(config.algorithm)]),
  envelope: ({ config }) => websubEnvelope(config),
  secret: websubSecret,
});
