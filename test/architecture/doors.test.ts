import { proveRule } from './prove-rule.js';
import * as rules from './rules/doors.js';

proveRule('outgoing HTTP has one door', rules.outgoingHttpHasOneDoor, {
  allowed: {
    'libs/outbound-http/src/client.ts': `import { request } from 'undici';\nimport tls from 'node:tls';`,
    'libs/database/src/free-port.ts': `import { createServer, type AddressInfo } from 'node:net';`,
    'libs/http-api/src/a.ts': `import type { IncomingMessage } from 'node:http';`,
    'apps/guestbook/src/a.ts': `const rows = this.repository.fetch(1);`,
    'apps/guestbook/src/public/live.ts': `new EventSource('/entries/stream');`,
    'libs/outbox/src/a.spec.ts': `await fetch('http://127.0.0.1');`,
  },
  proofs: [
    {
      planted: { 'apps/inbox/src/a.ts': `\nconst answer = await fetch(url);` },
      violation: /apps\/inbox\/src\/a\.ts:2: fetch outside libs\/outbound-http/,
    },
    { planted: { 'apps/inbox/src/a.ts': `globalThis.fetch(url);` }, violation: /fetch outside/ },
    { planted: { 'libs/outbox/src/a.ts': `import { request } from 'undici';` }, violation: /imports undici/ },
    { planted: { 'libs/outbox/src/a.ts': `import http from 'node:http';` }, violation: /imports node:http/ },
    { planted: { 'libs/outbox/src/a.ts': `import { request } from 'https';` }, violation: /imports https/ },
    {
      planted: { 'libs/outbox/src/a.ts': `import { connect } from 'node:net';` },
      violation: /imports node:net/,
    },
    {
      planted: { 'libs/outbox/src/a.ts': `const t = await import('node:tls');` },
      violation: /imports node:tls/,
    },
    { planted: { 'libs/outbox/src/a.ts': `import axios from 'axios';` }, violation: /imports axios/ },
    { planted: { 'libs/outbox/src/a.ts': `new WebSocket(url);` }, violation: /WebSocket outside/ },
  ],
});

proveRule('the environment has one reader', rules.environmentHasOneReader, {
  allowed: {
    'libs/config/src/load-config.ts': `export const load = (env = process.env) => env;`,
    'libs/outbox/src/a.ts': `// process.env is read elsewhere\nconst text = 'process.env'; process.exitCode = 1;`,
  },
  proofs: [
    {
      planted: { 'apps/api/src/main.ts': `const port = process.env.PORT;` },
      violation: /apps\/api\/src\/main\.ts:1: process\.env outside libs\/config/,
    },
    {
      planted: { 'apps/api/src/main.ts': `const port = process['env'];` },
      violation: /process\.env outside/,
    },
    {
      planted: { 'libs/outbox/src/a.ts': `import { env } from 'node:process';` },
      violation: /process\.env outside/,
    },
  ],
});

proveRule('nothing writes to the console', rules.nothingWritesToTheConsole, {
  allowed: { 'apps/standalone/src/banner.ts': `process.stdout.write('ready');` },
  proofs: [
    {
      planted: { 'libs/outbox/src/a.ts': `console.log('sent');` },
      violation: /libs\/outbox\/src\/a\.ts:1: console\.log: use a logger/,
    },
  ],
});
