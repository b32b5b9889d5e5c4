import { runService } from '#libs/http-api';
import { InboxModule } from './inbox.module.js';

await runService({ name: 'Inbox', imports: [InboxModule] });
