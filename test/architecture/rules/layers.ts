/**
 * Who may import whom: down only. A line is the whole list of '#libs/*' that the unit may name.
 * To add one, ask whether the arrow still points down, and say why in the commit.
 */
const PURE = ['kernel', 'events'];
const PLATFORM = ['config', 'kernel'];
const FEATURE = [
  'audit',
  'outbox',
  'signing',
  'outbound-http',
  'database',
  'observability',
  'events',
  ...PLATFORM,
];
const BOOT = ['config', 'database', 'http-api', 'kernel', 'observability', 'outbound-http'];

export const ALLOWED_LIBS: Readonly<Record<string, readonly string[]>> = {
  'libs/kernel': [],
  'libs/events': ['kernel'],
  'libs/signing': PURE,
  'libs/config': ['kernel'],
  'libs/observability': PLATFORM,
  'libs/database': PLATFORM,
  'libs/messaging': PLATFORM,
  'libs/outbound-http': PLATFORM,
  'libs/http-api': ['observability', 'database', ...PLATFORM],
  'libs/web-pages': ['outbound-http', ...PLATFORM],
  'libs/outbox': ['database', 'messaging', 'events', ...PLATFORM],
  'libs/audit': ['database', ...PLATFORM],
  'libs/access': ['database', 'http-api', 'events', ...PLATFORM],
  'libs/subscriptions': FEATURE,
  'libs/deliveries': ['subscriptions', 'access', 'messaging', ...FEATURE],
  'libs/receiver': ['signing', ...PURE],
  'apps/guestbook': ['outbox', 'events', 'web-pages', ...BOOT],
  'apps/inbox': ['receiver', 'signing', 'events', 'web-pages', ...BOOT],
  'apps/api': [
    'access',
    'audit',
    'subscriptions',
    'deliveries',
    'outbox',
    'messaging',
    'signing',
    'events',
    ...BOOT,
  ],
  'apps/dispatcher': ['access', 'subscriptions', 'deliveries', 'outbox', 'messaging', 'events', ...BOOT],
  'apps/standalone': ['access', 'messaging', ...BOOT],
};

/** Libraries without a framework: what they may take from npm. */
export const PACKAGES_OF_PURE_LIBS: Readonly<Record<string, readonly string[]>> = {
  'libs/kernel': ['uuidv7'],
  'libs/events': [],
  'libs/signing': [],
  'libs/receiver': [],
};

/** The only places that may name a package, because everyone else goes through what they offer. */
export const PACKAGE_HOMES: Readonly<Record<string, readonly string[]>> = {
  amqplib: ['libs/messaging/src/amqp'],
  pg: ['libs/database'],
  typeorm: [
    'libs/database',
    'libs/outbox',
    'libs/access',
    'libs/audit',
    'libs/subscriptions',
    'libs/deliveries',
    'apps/guestbook',
    'apps/inbox',
  ],
  pino: ['libs/observability'],
  'prom-client': ['libs/observability'],
};
