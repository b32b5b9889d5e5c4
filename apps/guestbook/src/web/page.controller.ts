import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { sendPage } from '#libs/web-pages';
import { GuestbookPage } from './guestbook.page.js';
import { TopicLink } from './topic-link.js';

@ApiExcludeController()
@Controller()
export class PageController {
  constructor(
    private readonly page: GuestbookPage,
    private readonly topic: TopicLink,
  ) {}

  @Get()
  async show(@Query() query: Record<string, unknown>, @Res() reply: FastifyReply): Promise<void> {
    const text = (name: string): string | undefined =>
      typeof query[name] === 'string' ? query[name] : undefined;
    const request = { cursor: text('cursor'), signed: text('signed'), removed: text('removed') };
    const link = this.topic.current();
    if (link !== null) void reply.header('link', link);
    await sendPage(reply, await this.page.render(request));
  }
}
