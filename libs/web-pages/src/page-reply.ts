import type { FastifyReply } from 'fastify';
import type { Html } from './html.js';

/** Sends a page. It is never stored: it shows what is so now, and sometimes a secret. */
export async function sendPage(reply: FastifyReply, page: Html, status = 200): Promise<void> {
  reply.header('cache-control', 'no-store');
  await reply.code(status).type('text/html; charset=utf-8').send(page.text);
}

/** Where a form leads when it is done: reloading the page then does not send the form again. */
export async function seeOther(reply: FastifyReply, location: string): Promise<void> {
  await reply.code(303).header('location', location).send();
}
