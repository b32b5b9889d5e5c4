import { type GraphConfig, graphEnvelope } from '../envelopes/vendor.envelopes.js';
import { standardSecret } from '../secrets/standard-secret.js';
import { standardSigner } from '../signers/standard.signer.js';
import { PLAIN, SECRET, text } from './config-rules.js';
import { defineProfile } from './profile.js';

/** Microsoft Graph. It signs nothing, so our signature stands beside. */
export const msgraphProfile = defineProfile<GraphConfig>({
  name: 'msgraph',
  says: 'Microsoft Graph, change notifications',
  handshakes: ['msgraph', 'none'],
  defaultHandshake: 'msgraph',
  config: {
    resource: text('the `resource` in bodies', PLAIN),
    clientState: text('given back in bodies, so that the receiver knows them; never shown', PLAIN, SECRET),
  },
  signers: [standardSigner],
  hasStandardSigner: true,
  envelope: ({ config, subscriptionId }) => graphEnvelope(config, subscriptionId),
  secret: standardSecret,
});
