import { type Handshake, PROVEN } from './handshake.js';

/** Asks nothing; for targets that the operator knows. */
export const noneHandshake: Handshake = { name: 'none', asks: false, judge: () => PROVEN };
