import { expect, test } from 'vitest';
import { ConfigError } from '#libs/config';
import { AppError } from '#libs/kernel';
import { faultText } from './startup-fault.js';

const system = (members: object): Error => Object.assign(new Error('of the system'), members);

test('a port in use is one line that says what to do', () => {
  const text = faultText(system({ code: 'EADDRINUSE', syscall: 'listen', port: 3000 }));
  expect(text).toBe('Port 3000 is already in use. Choose another one, e.g. PORT=3001.');
});

test('settings and our own errors speak for themselves', () => {
  expect(faultText(new ConfigError(['PORT is odd']))).toMatch(/PORT is odd/);
  expect(faultText(new AppError('conflict', 'data_dir_in_use', 'Another Bellhop'))).toBe('Another Bellhop');
});

test('a database that cannot be used leads to DATABASE_URL', () => {
  const refused = faultText(system({ code: 'ECONNREFUSED', address: '127.0.0.1', port: 5432 }));
  expect(refused).toBe('PostgreSQL does not answer at 127.0.0.1:5432 (ECONNREFUSED); check DATABASE_URL.');
  expect(faultText(system({ code: '3D000' }))).toMatch(/does not exist/);
});

test('what nobody foresaw keeps its stack', () => {
  expect(faultText(new Error('surprise'))).toMatch(/surprise[\s\S]*startup-fault\.spec/);
});
