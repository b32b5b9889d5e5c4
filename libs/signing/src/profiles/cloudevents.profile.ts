import {
  CLOUDEVENTS_MODES,
  type CloudEventsConfig,
  cloudEventsEnvelope,
} from '../envelopes/cloudevents.envelope.js';
import { tokenSecret, tokenSigner } from '../signers/token.signer.js';
import { standardBeside } from './add-ons.js';
import { flag, oneOf, PLAIN, text, wholeNumber } from './config-rules.js';
import { defineProfile } from './profile.js';

const bearerSigner = tokenSigner('Bearer ');

const HOST = { pattern: /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/i, must: 'a host name' };

/** CloudEvents 1.0 over HTTP, with the consent of its webhook specification. */
export const cloudEventsProfile = defineProfile<CloudEventsConfig & { bearer?: boolean }>({
  name: 'cloudevents',
  says: 'CloudEvents 1.0: structured, binary or batch',
  handshakes: ['cloudevents', 'ping', 'none'],
  defaultHandshake: 'cloudevents',
  config: {
    mode: oneOf('how an event stands in a request', CLOUDEVENTS_MODES, { fallback: 'structured' }),
    source: text('the attribute `source`', PLAIN),
    origin: text('who we say we are, in `WebHook-Request-Origin`', HOST),
    rate: wholeNumber('requests a minute that we ask for', 1_000_000),
    bearer: flag('send the secret as `Authorization: Bearer`'),
  },
  fromPlatform: (publicUrl) => ({ origin: publicUrl?.hostname ?? 'localhost' }),
  signers: ({ config }) => (config.bearer === true ? [bearerSigner, standardBeside] : [standardBeside]),
  hasStandardSigner: true,
  envelope: ({ config }) => cloudEventsEnvelope(config),
  secret: tokenSecret,
  isEnvelopeFixed: true,
});
