import {
  PRESERVICA_TRIGGERS,
  type PreservicaConfig,
  preservicaEnvelope,
} from '../envelopes/preservica.envelope.js';
import { asciiSecret } from '../secrets/text-secret.js';
import { preservicaSigner } from '../signers/vendor.signers.js';
import { standardBeside } from './add-ons.js';
import { flag, oneOf, PLAIN, REQUIRED, text } from './config-rules.js';
import { defineProfile } from './profile.js';
import { SINGLE_THREADED, transport } from './transport.js';

/** Preservica's webhooks. Its receivers take nothing but chunked ASCII, and close without an answer otherwise. */
export const preservicaProfile = defineProfile<PreservicaConfig>({
  name: 'preservica',
  says: 'Preservica, as pyPreservica receives it',
  handshakes: ['preservica', 'none'],
  defaultHandshake: 'preservica',
  config: {
    trigger: oneOf('what the subscription is for', PRESERVICA_TRIGGERS, REQUIRED),
    tenant: text('the `tenant` in bodies', PLAIN, { fallback: 'bellhop' }),
    version: text('the `version` in bodies', PLAIN, { fallback: '7.0.0' }),
    event: text('the name in `events[].event`; the trigger in UpperCamel if left out', PLAIN),
    identifiers: flag('whether bodies say the `identifiers` of assets; they do if left out'),
  },
  signers: [preservicaSigner, standardBeside],
  hasStandardSigner: true,
  envelope: ({ config, subscriptionId }) => preservicaEnvelope(config, subscriptionId),
  transport: transport({ framing: 'chunked', maxInFlight: SINGLE_THREADED }),
  secret: asciiSecret,
  isAscii: true,
  isFramingFixed: true,
});
