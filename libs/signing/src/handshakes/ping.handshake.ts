import { nativeRequest } from './challenge-request.js';
import { defineHandshake, PROVEN } from './handshake.js';

/** Any 2xx will do: proves that the URL answers, not whose it is. */
export const pingHandshake = defineHandshake({
  name: 'ping',
  readsBody: false,
  request: nativeRequest,
  judge: () => PROVEN,
});
