import { Module } from '@nestjs/common';
import { ConfigModule, loadConfig } from '#libs/config';
import { DatabaseModule } from '#libs/database';
import { bootHttpApp, listen, runUntilSignal } from '#libs/http-api';
import { InboxModule } from './inbox.module.js';

@Module({})
class InboxProcess {}

const config = loadConfig();
const imports = [ConfigModule.forRoot(config), DatabaseModule.forRoot(), InboxModule];
const app = await bootHttpApp({ module: InboxProcess, imports }, config);
await listen(app, config);
await runUntilSignal(app, config);
