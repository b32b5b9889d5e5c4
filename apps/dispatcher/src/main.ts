import { Module } from '@nestjs/common';
import { ConfigModule, loadConfig } from '#libs/config';
import { DatabaseModule, migrate } from '#libs/database';
import { bootHttpApp, listen, runUntilSignal } from '#libs/http-api';
import { MessagingModule } from '#libs/messaging';
import { OutboundHttpModule } from '#libs/outbound-http';
import { DispatcherModule } from './dispatcher.module.js';

@Module({})
class DispatcherProcess {}

const config = loadConfig();
if (config.database.url === null) {
  throw new Error('The dispatcher process needs DATABASE_URL; `npm start` brings a database.');
}
await migrate(config.database.url);
const imports = [
  ConfigModule.forRoot(config),
  DatabaseModule.forRoot(),
  MessagingModule.forRoot(),
  OutboundHttpModule,
  DispatcherModule,
];
const app = await bootHttpApp({ module: DispatcherProcess, imports }, config);
await listen(app, config);
await runUntilSignal(app, config);
