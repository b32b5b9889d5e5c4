import { expect, test } from 'vitest';
import { originOf } from './own-port.js';

test.each([
  ['127.0.0.1', 'http://127.0.0.1:3000'],
  ['localhost', 'http://127.0.0.1:3000'],
  ['0.0.0.0', 'http://127.0.0.1:3000'],
  ['::', 'http://[::1]:3000'],
  ['fd00::7', 'http://[fd00::7]:3000'],
  ['10.1.2.3', 'http://10.1.2.3:3000'],
])('a server that listens on %s finds itself at %s', (host, origin) => {
  expect(originOf({ host, port: 3000, publicUrl: null })).toBe(origin);
});
