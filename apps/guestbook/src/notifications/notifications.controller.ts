import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { seeOther, sendPage, textField, textFields } from '#libs/web-pages';
import { ALL_TYPES } from './notifications.html.js';
import { NotificationsPage } from './notifications.page.js';
import { type ChangeResult, type NewSubscription, SubscriptionsClient } from './subscriptions.client.js';

/** Who is told of the guestbook's events: list, add, test, remove; whole without a script. */
@ApiExcludeController()
@Controller('webhooks')
export class NotificationsController {
  constructor(
    private readonly subscriptions: SubscriptionsClient,
    private readonly page: NotificationsPage,
  ) {}

  @Get()
  async show(@Query('done') done: unknown, @Res() reply: FastifyReply): Promise<void> {
    const notice = typeof done === 'string' ? (NOTICES.get(done) ?? null) : null;
    await sendPage(reply, await this.page.render({ notice }));
  }

  /** Answers with a page and no redirect: the secret is on it, and nowhere else. */
  @Post()
  async add(@Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    const form = readForm(body);
    const result = await this.page.attempt(() => this.subscriptions.add(form));
    if (!result.isDone) {
      return sendPage(reply, await this.page.render({ form, problem: result.problem }), 422);
    }
    // Who brought a secret has it already; the fewer places show it, the better.
    const secret = form.secret === '' ? result.secret : null;
    await sendPage(reply, await this.page.render({ created: { url: form.url, secret } }), 201);
  }

  @Post(':id/test')
  async test(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.finish('tested', await this.page.attempt(() => this.subscriptions.test(id)), reply);
  }

  @Post(':id/delete')
  async remove(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.finish('removed', await this.page.attempt(() => this.subscriptions.remove(id)), reply);
  }

  private async finish(done: string, result: ChangeResult, reply: FastifyReply): Promise<void> {
    if (result.isDone) return seeOther(reply, `/webhooks?done=${done}`);
    await sendPage(reply, await this.page.render({ problem: result.problem }), 422);
  }
}

const NOTICES = new Map([
  ['tested', 'A test event is on its way.'],
  ['removed', 'The subscriber was removed.'],
]);

function readForm(body: unknown): NewSubscription {
  const chosen = textFields(body, 'eventTypes');
  return {
    url: textField(body, 'url').trim(),
    eventTypes: chosen.length > 0 ? chosen : [ALL_TYPES],
    secret: textField(body, 'secret').trim(),
  };
}
