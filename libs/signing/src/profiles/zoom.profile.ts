import { zoomEnvelope } from '../envelopes/vendor.envelopes.js';
import { utf8Secret } from '../secrets/text-secret.js';
import { zoomSigner } from '../signers/vendor.signers.js';
import { defineProfile } from './profile.js';

export const zoomProfile = defineProfile({
  name: 'zoom',
  says: 'Zoom',
  handshakes: ['zoom', 'none'],
  defaultHandshake: 'zoom',
  signers: [zoomSigner],
  envelope: zoomEnvelope,
  secret: utf8Secret,
});
