import { Logger } from '@nestjs/common';
import { ApiKeysService } from '#libs/access';
import { ConfigModule, loadConfig } from '#libs/config';
import { DatabaseModule, migrate } from '#libs/database';
import { bootHttpApp, listen, runUntilSignal } from '#libs/http-api';
import { MessagingModule } from '#libs/messaging';
import { OutboundHttpModule } from '#libs/outbound-http';
import { ApiModule } from './api.module.js';

class ApiProcess {}

const config = loadConfig();
if (config.database.url === null)
  throw new Error('The API process needs DATABASE_URL; `npm start` brings a database.');
await migrate(config.database.url);
const app = await bootHttpApp(
  {
    module: ApiProcess,
    imports: [
      ConfigModule.forRoot(config),
      DatabaseModule.forRoot(),
      MessagingModule.forRoot(),
      OutboundHttpModule,
      ApiModule,
    ],
  },
  config,
);
const { key, isNew } = await app
  .get(ApiKeysService, { strict: false })
  .ensureAdminKey(config.access.adminKey);
const url = await listen(app, config);
new Logger('Api').log(`API on ${url}/v1, documentation on ${url}/docs`);
// Shown this one time and by no logger: a key belongs into no log file.
if (isNew && key !== null) process.stdout.write(`Admin API key, shown this one time: ${key}\n`);
await runUntilSignal(app, config);
