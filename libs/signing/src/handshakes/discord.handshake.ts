import { defineHandshake, PROVEN } from './handshake.js';
import { signedJson } from './request-parts.js';

/** Discord: a signed ping, answered with 204. Whether wrong signatures get their 401, the signature probe finds out. */
export const discordHandshake = defineHandshake({
  name: 'discord',
  readsBody: false,
  takes: (status) => status === 204,
  request: (question) => signedJson(question, { version: 1, type: 0 }),
  judge: () => PROVEN,
});
