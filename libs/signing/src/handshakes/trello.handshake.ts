import { defineHandshake, PROVEN } from './handshake.js';
import { NO_BODY } from './request-parts.js';

/** Trello: HEAD, answered with 200; proves that the URL answers, not whose it is. */
export const trelloHandshake = defineHandshake({
  name: 'trello',
  readsBody: false,
  takes: (status) => status === 200,
  request: ({ url }) => ({ method: 'HEAD', url, headers: {}, body: NO_BODY }),
  judge: () => PROVEN,
});
