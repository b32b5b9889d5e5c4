import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PublisherModule } from '#libs/outbox';
import { WebPagesModule } from '#libs/web-pages';
import { EntriesController } from './entries/entries.controller.js';
import { EntriesService } from './entries/entries.service.js';
import { Entry } from './entries/entry.entity.js';
import { EntryFeed } from './entries/entry.feed.js';
import { NotificationsController } from './notifications/notifications.controller.js';
import { NotificationsPage } from './notifications/notifications.page.js';
import { SubscriptionsClient } from './notifications/subscriptions.client.js';
import { GuestbookPage } from './web/guestbook.page.js';
import { PageController } from './web/page.controller.js';
import { TopicLink } from './web/topic-link.js';

/** The demo publisher: it knows how to publish an event, and nothing of who gets it. */
@Module({
  imports: [
    TypeOrmModule.forFeature([Entry]),
    PublisherModule.forRoot({ schema: 'guestbook' }),
    WebPagesModule.forApp({ moduleUrl: import.meta.url, assetsPath: '/assets/guestbook' }),
  ],
  controllers: [PageController, EntriesController, NotificationsController],
  providers: [EntriesService, EntryFeed, GuestbookPage, TopicLink, SubscriptionsClient, NotificationsPage],
})
export class GuestbookModule {}
