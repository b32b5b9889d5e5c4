export { isEqualConstantTime } from './constant-time.js';
export type { Envelope, EventHead } from './envelopes/envelope.js';
export type { EnvelopeName } from './envelopes/envelopes.js';
export type { PreservicaTrigger } from './envelopes/preservica.envelope.js';
export { newChallenge } from './handshakes/challenge-request.js';
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
export type { AddOnName } from './profiles/add-ons.js';
export { choiceFaults, CHOICES, type ProfileChoice } from './profiles/choice.js';
export type { ConfigField, ProfileConfig } from './profiles/config-rules.js';
export { type Dialect, dialectOf } from './profiles/dialect.js';
export type { Profile, Wanted, WantedEvent } from './profiles/profile.js';
export { profileNamed } from './profiles/profiles.js';
export { type Framing, isTaken, type Transport } from './profiles/transport.js';
export { newSecret, parseSecret } from './secrets/standard-secret.js';
export type { SecretFormat } from './secrets/secret-format.js';
export { signStandard } from './signers/standard.signer.js';
