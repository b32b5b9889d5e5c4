import { runService, setHeapGrowth } from '#libs/http-api';
import { MessagingModule } from '#libs/messaging';
import { OutboundHttpModule } from '#libs/outbound-http';
import { ApiModule } from './api.module.js';
import { ensureKeys } from './ensure-keys.js';

setHeapGrowth('publishing');
await runService({
  name: 'Api',
  imports: [MessagingModule.forRoot(), OutboundHttpModule, ApiModule],
  keepsSecrets: true,
  prepare: ensureKeys,
});
