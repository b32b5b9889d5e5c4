import { runService } from '#libs/http-api';
import { GuestbookModule } from './guestbook.module.js';

await runService({ name: 'Guestbook', imports: [GuestbookModule] });
