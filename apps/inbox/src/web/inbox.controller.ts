import { Body, Controller, Get, Headers, type MessageEvent, Post, Query, Res, Sse } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Observable } from 'rxjs';
import { validationFailed } from '#libs/http-api';
import { AppError } from '#libs/kernel';
import { isForm, LiveFeed, seeOther, sendPage } from '#libs/web-pages';
import { checkBehaviour } from '../connection/behaviour.js';
import { ConnectionStore } from '../connection/connection.store.js';
import { Connector } from '../connection/connector.js';
import { MessagesService } from '../messages/messages.service.js';
import { InboxPage } from './inbox.page.js';

/** The page and its buttons. Programs get JSON or a problem document, forms get the page. */
@ApiExcludeController()
@Controller('inbox')
export class InboxController {
  constructor(
    private readonly page: InboxPage,
    private readonly store: ConnectionStore,
    private readonly connector: Connector,
    private readonly messages: MessagesService,
    private readonly feed: LiveFeed,
  ) {}

  @Get()
  async show(@Query('cursor') cursor: unknown, @Res() reply: FastifyReply): Promise<void> {
    await sendPage(reply, await this.page.whole(typeof cursor === 'string' ? cursor : undefined));
  }

  @Get('live')
  async live(@Res() reply: FastifyReply): Promise<void> {
    await sendPage(reply, await this.page.livePart());
  }

  @Sse('stream')
  stream(): Observable<MessageEvent> {
    return this.feed.stream();
  }

  @Post('connect')
  async connect(
    @Headers('content-type') type: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.change(() => this.connector.connect(), { type, reply });
  }

  /** Done at the start already; this is for trying again when that failed. */
  @Post('move')
  async move(@Headers('content-type') type: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await this.change(() => this.connector.moveHere(), { type, reply });
  }

  @Post('disconnect')
  async disconnect(
    @Headers('content-type') type: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.change(() => this.connector.disconnect(), { type, reply });
  }

  @Post('behaviour')
  async behave(
    @Body() body: unknown,
    @Headers('content-type') type: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { behaviour, errors } = checkBehaviour(body);
    const apply = async (): Promise<void> => {
      if (errors.length > 0) throw validationFailed(errors);
      await this.store.behave(behaviour);
    };
    await this.change(apply, { type, reply });
  }

  @Post('clear')
  async clear(@Headers('content-type') type: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await this.change(() => this.messages.clear(), { type, reply });
  }

  private async change(action: () => Promise<void>, { type, reply }: Exchange): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (!isForm(type) || !(error instanceof AppError)) throw error;
      return sendPage(reply, await this.page.whole(undefined, error), 422);
    }
    if (isForm(type)) return seeOther(reply, '/inbox');
    const { subscriptionId, behaviour } = await this.store.read();
    await reply.code(200).send({ subscriptionId, behaviour });
  }
}

interface Exchange {
  readonly type: string | undefined;
  readonly reply: FastifyReply;
}
