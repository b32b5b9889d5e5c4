import { Controller, Headers, Post, type RawBodyRequest, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MAX_EVENT_BYTES } from '#libs/events';
import { BodyLimit } from '#libs/http-api';
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
  async receive(
    @Req() request: RawBodyRequest<FastifyRequest>,
    @Headers() headers: Record<string, string | undefined>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const reaction = await this.receiver.receive({
      id: headers['webhook-id'],
      timestamp: headers['webhook-timestamp'],
      signature: headers['webhook-signature'],
      body: request.rawBody ?? Buffer.alloc(0),
    });
    if (reaction.kind === 'proof') return void (await reply.code(200).send(reaction.proof));
    await this.misbehaviour.answer(reaction.behaviour, reply);
  }
}
