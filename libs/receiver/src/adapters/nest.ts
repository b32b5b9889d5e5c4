import type { IncomingMessage } from 'node:http';
import type { Receiver } from '../receiver.js';
import type { Answer, IncomingRequest } from '../request.js';
import { flatHeaders } from './flat-headers.js';

/** A request of either platform of NestJS, made with `NestFactory.create(…, { rawBody: true })`. */
export interface NestRequest {
  readonly method: string;
  readonly url: string;
  readonly originalUrl?: string;
  readonly headers: IncomingMessage['headers'];
  readonly rawBody?: Buffer | undefined;
}

interface ExpressLikeReply {
  status(status: number): { set(headers: Record<string, string>): { send(body: string): unknown } };
}

interface FastifyLikeReply {
  code(status: number): { headers(headers: Record<string, string>): { send(body: string): unknown } };
}

/** What `@Res()` gives on either platform. */
export type NestReply = ExpressLikeReply | FastifyLikeReply;

/** Receives and answers, in a controller's method with `@Req()` and `@Res()`. */
export async function answerNest(receiver: Receiver, request: NestRequest, reply: NestReply): Promise<void> {
  const answer = await receiver.receive(fromNest(request));
  await sendNest(answer, reply);
}

/** The request with its raw bytes; without `rawBody: true` the body is empty, and no signature fits it. */
function fromNest({ method, url, originalUrl, headers, rawBody }: NestRequest): IncomingRequest {
  return {
    method,
    url: originalUrl ?? url,
    headers: flatHeaders(Object.entries(headers)),
    body: rawBody ?? Buffer.alloc(0),
  };
}

async function sendNest({ status, headers, body }: Answer, reply: NestReply): Promise<void> {
  if ('code' in reply)
    await reply
      .code(status)
      .headers({ ...headers })
      .send(body);
  else
    reply
      .status(status)
      .set({ ...headers })
      .send(body);
}
