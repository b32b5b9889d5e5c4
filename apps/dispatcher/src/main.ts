import { runService, setHeapGrowth } from '#libs/http-api';
import { MessagingModule } from '#libs/messaging';
import { OutboundHttpModule } from '#libs/outbound-http';
import { DispatcherModule } from './dispatcher.module.js';

setHeapGrowth('delivering');
await runService({
  name: 'Dispatcher',
  imports: [MessagingModule.forRoot(), OutboundHttpModule, DispatcherModule],
  keepsSecrets: true,
});
