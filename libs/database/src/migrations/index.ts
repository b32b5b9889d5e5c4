import { Platform1763000000000 } from './1763000000000-platform.js';
import { Engine1763000000001 } from './1763000000001-engine.js';
import { Guestbook1763000000002 } from './1763000000002-guestbook.js';
import { Inbox1763000000003 } from './1763000000003-inbox.js';
import { Gates1763000000004 } from './1763000000004-gates.js';
import { Log1763000000005 } from './1763000000005-log.js';
import { Reconciliation1763000000006 } from './1763000000006-reconciliation.js';
import { Filters1763000000007 } from './1763000000007-filters.js';
import { Profiles1763000000008 } from './1763000000008-profiles.js';
import { Facades1763000000009 } from './1763000000009-facades.js';
import { Challenges1763000000010 } from './1763000000010-challenges.js';
import { Audit1763000000011 } from './1763000000011-audit.js';
import { Carried1763000000012 } from './1763000000012-carried.js';
import { Accounts1763000000013 } from './1763000000013-accounts.js';
import { Hub1763000000014 } from './1763000000014-hub.js';
import { EarlierChoices1763000000015 } from './1763000000015-earlier-choices.js';
import { Counted1763000000016 } from './1763000000016-counted.js';

/** Every migration, oldest first. A released one is never edited: add another. */
export const migrations = [
  Platform1763000000000,
  Engine1763000000001,
  Guestbook1763000000002,
  Inbox1763000000003,
  Gates1763000000004,
  Log1763000000005,
  Reconciliation1763000000006,
  Filters1763000000007,
  Profiles1763000000008,
  Facades1763000000009,
  Challenges1763000000010,
  Audit1763000000011,
  Carried1763000000012,
  Accounts1763000000013,
  Hub1763000000014,
  EarlierChoices1763000000015,
  Counted1763000000016,
] as const;
