import { type Challenge, handshakeNamed } from '#libs/signing';

/** The bytes of the request with which Bellhop's own handshakes put a challenge. */
export function challengeBody(challenge: Challenge): Buffer {
  const url = 'https://hooks.example.org/in';
  const about = { url, registeredUrl: url, keys: [], config: {}, origin: '', callbackUrl: null };
  return handshakeNamed('hmac').request({ ...about, challenge, sign: () => ({}) }).body;
}
