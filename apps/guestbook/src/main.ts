import { Module } from '@nestjs/common';
import { ConfigModule, loadConfig } from '#libs/config';
import { DatabaseModule } from '#libs/database';
import { bootHttpApp, listen, runUntilSignal } from '#libs/http-api';
import { GuestbookModule } from './guestbook.module.js';

@Module({})
class GuestbookProcess {}

const config = loadConfig();
const imports = [ConfigModule.forRoot(config), DatabaseModule.forRoot(), GuestbookModule];
const app = await bootHttpApp({ module: GuestbookProcess, imports }, config);
await listen(app, config);
await runUntilSignal(app, config);
