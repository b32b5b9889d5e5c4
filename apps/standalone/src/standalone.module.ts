import { type DynamicModule, Module } from '@nestjs/common';
import { type AppConfig, ConfigModule } from '#libs/config';
import { DatabaseModule } from '#libs/database';
import { MessagingModule } from '#libs/messaging';
import { OutboundHttpModule } from '#libs/outbound-http';
import { ApiModule } from '../../api/src/api.module.js';
import { DispatcherModule } from '../../dispatcher/src/dispatcher.module.js';
import { GuestbookModule } from '../../guestbook/src/guestbook.module.js';
import { InboxModule } from '../../inbox/src/inbox.module.js';

/** All applications in one process, on one port. Nest stops what comes first here last. */
@Module({})
export class StandaloneModule {
  static forRoot(config: AppConfig): DynamicModule {
    const services = [ConfigModule.forRoot(config), DatabaseModule.forRoot(), MessagingModule.forRoot()];
    const applications = [ApiModule, DispatcherModule, GuestbookModule, InboxModule];
    return { module: StandaloneModule, imports: [...services, OutboundHttpModule, ...applications] };
  }
}
