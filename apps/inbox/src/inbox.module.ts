import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WebPagesModule } from '#libs/web-pages';
import { AddressFollower } from './connection/address-follower.js';
import { Connection } from './connection/connection.entity.js';
import { ConnectionStore } from './connection/connection.store.js';
import { Connector } from './connection/connector.js';
import { OwnAddress } from './connection/own-address.js';
import { SubscriptionClient } from './connection/subscription.client.js';
import { Message } from './messages/message.entity.js';
import { MessageProcessor } from './messages/message.processor.js';
import { MessagesController } from './messages/messages.controller.js';
import { MessagesService } from './messages/messages.service.js';
import { Misbehaviour } from './receive/misbehaviour.js';
import { ReceiveController } from './receive/receive.controller.js';
import { Receiver } from './receive/receiver.js';
import { InboxController } from './web/inbox.controller.js';
import { InboxFeed } from './web/inbox.feed.js';
import { InboxPage } from './web/inbox.page.js';

/** The demo subscriber: knows the platform by its API and its signed requests alone. */
@Module({
  imports: [
    TypeOrmModule.forFeature([Message, Connection]),
    WebPagesModule.forApp({ moduleUrl: import.meta.url, assetsPath: '/assets/inbox' }),
  ],
  controllers: [ReceiveController, InboxController, MessagesController],
  providers: [
    OwnAddress,
    ConnectionStore,
    SubscriptionClient,
    Connector,
    AddressFollower,
    MessagesService,
    MessageProcessor,
    Receiver,
    Misbehaviour,
    InboxPage,
    InboxFeed,
  ],
})
export class InboxModule {}
