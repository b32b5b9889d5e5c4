import { Controller, Post, type RawBodyRequest, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MAX_EVENT_BYTES } from '#libs/events';
import { BodyLimit } from '#libs/http-api';
import type { IncomingRequest } from '#libs/receiver';
import { RECEIVE_PATH } from '../connection/own-address.js';
import { Misbehaviour } from './misbehaviour.js';
import { Receiver } from './receiver.js';

/** The largest event and what is around it. */
const MAX_BODY_BYTES = MAX_EVENT_BYTES + 16 * 1024;

@ApiExcludeController()
@Controller()
export class ReceiveController {
  constructor(
    private readonly receiver: Receiver,
    private readonly misbehaviour: Misbehaviour,
  ) {}

  /** The signature covers the bytes as they came, so the parsed body is of no use here. */
  @Post(RECEIVE_PATH)
  @BodyLimit(MAX_BODY_BYTES)
  async receive(@Req() request: RawBodyRequest<FastifyRequest>, @Res() reply: FastifyReply): Promise<void> {
    const reaction = await this.receiver.receive(incoming(request));
    if (reaction.kind === 'answered') {
      const { status, headers, body } = reaction.answer;
      return void (await reply.code(status).headers(headers).send(body));
    }
    await this.misbehaviour.answer(reaction.behaviour, reply);
  }
}

/** Names in lower case, as Node gives them; of the signed headers none may come twice. */
function incoming({ method, url, headers, rawBody }: RawBodyRequest<FastifyRequest>): IncomingRequest {
  const single = Object.entries(headers).map(([name, value]) => [name, value?.toString()] as const);
  return { method, url, headers: Object.fromEntries(single), body: rawBody ?? Buffer.alloc(0) };
}
