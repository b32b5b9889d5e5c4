import { type Handshake, PROVEN } from './handshake.js';

/** Any 2xx will do: proves that the URL answers, not whose it is. */
export const pingHandshake: Handshake = { name: 'ping', asks: true, judge: () => PROVEN };
