import type { AppConfig } from '#libs/config';
import type { AdminKey } from './prepare-keys.js';

/** What a start shows: where everything is, and how to send the first event. */
export function banner(config: AppConfig, admin: AdminKey): string {
  const url = config.http.publicUrl ?? `http://localhost:${config.http.port}`;
  const places = [
    ['Guestbook', `${url}/`],
    ['Inbox', `${url}/inbox`],
    ['API', `${url}/v1`],
    ['Docs', `${url}/docs`],
  ];
  const lines = places.map(([name = '', place]) => `  ${name.padEnd(11)} ${place}`);
  return [
    '',
    `  Bellhop is ready: ${modeText(config)}.`,
    '',
    ...lines,
    '',
    `  Admin key   ${adminKeyText(config, admin)}`,
    ...(config.egress.allowLoopback
      ? ['  Development: subscribers on this machine are allowed, on any port.']
      : []),
    '',
    '  A first event:',
    ...firstEvent(url, admin.isNew && admin.key !== null ? admin.key : '$BELLHOP_ADMIN_KEY'),
    '',
    '',
  ].join('\n');
}

/** For a start that made the first key and then failed: nobody will see the key again. */
export function firstKeyNotice({ key, isNew }: AdminKey): string {
  return isNew && key !== null ? `The admin key, shown this once: ${key}\n` : '';
}

function modeText({ mode, database }: AppConfig): string {
  if (mode === 'embedded') return `embedded, its data is in ${database.dataDir}`;
  return mode === 'full' ? 'on PostgreSQL and RabbitMQ' : 'on PostgreSQL, without RabbitMQ';
}

function adminKeyText({ access }: AppConfig, { key, isNew }: AdminKey): string {
  if (isNew && key !== null) return `${key}   (shown this once, keep it)`;
  if (access.adminKey !== null) return 'as in BELLHOP_ADMIN_KEY';
  return 'was printed by the first start; lost? Set BELLHOP_ADMIN_KEY to 32 or more characters';
}

function firstEvent(url: string, key: string): string[] {
  const data = '{"type":"guestbook.entry.created","data":{"name":"Ada","message":"Hello"}}';
  return [
    `    curl ${url}/v1/events -H "Authorization: Bearer ${key}" \\`,
    `      -H "Content-Type: application/json" -d '${data}'`,
  ];
}
