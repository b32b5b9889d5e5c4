export { standardBody } from './envelopes/standard.envelope.js';
export { challengeBody, newChallenge } from './handshakes/challenge-request.js';
export { consentOf } from './handshakes/cloudevents.handshake.js';
export {
  type Challenge,
  type ChallengeAnswer,
  type Handshake,
  HANDSHAKE_NAMES,
  type HandshakeName,
  type HandshakeRequest,
  type ProofFault,
  type ProofVerdict,
  type Question,
} from './handshakes/handshake.js';
export { handshakeNamed, judgeAnswer } from './handshakes/handshakes.js';
export { challengeResponse } from './handshakes/hmac.handshake.js';
export type { Profile } from './profiles/profile.js';
export { profileNamed } from './profiles/profiles.js';
export { newSecret, parseSecret } from './secret.js';
export type { SignatureInput, Signer } from './signers/signer.js';
export { signStandard, type StandardVerification, verifyStandard } from './signers/standard.signer.js';
