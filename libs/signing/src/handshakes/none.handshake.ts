import { defineHandshake, PROVEN } from './handshake.js';
import { nativeRequest } from './challenge-request.js';

/** Asks nothing; for targets that the operator knows. */
export const noneHandshake = defineHandshake({
  name: 'none',
  asks: false,
  readsBody: false,
  request: nativeRequest,
  judge: () => PROVEN,
});
