import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '#libs/database';
import { LiveFeed } from '#libs/web-pages';
import { INBOX_CHANNEL } from '../messages/messages.service.js';

/** Many deliveries in a moment are one change to look at. */
const GATHER_MS = 100;

/** Tells the open pages that there is something new to look at. */
@Injectable()
export class InboxFeed implements OnModuleInit {
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly database: Database,
    private readonly feed: LiveFeed,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.database.listen(INBOX_CHANNEL, () => this.tellSoon());
  }

  private tellSoon(): void {
    if (!this.feed.hasListeners) return;
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.feed.send({ type: 'changed', id: '', data: {} });
    }, GATHER_MS).unref();
  }
}
