import { expect, test } from 'vitest';
import { ConfigError, loadConfig } from './load-config.js';
import { requireDatabaseUrl, requireSecretKeys } from './requirements.js';

test('an empty environment gives the embedded mode on loopback', () => {
  const config = loadConfig({});
  expect(config).toMatchObject({
    mode: 'embedded',
    http: { port: 3000, host: '127.0.0.1' },
    amqp: { url: null },
  });
});

test('all faults are reported together, by name, and no value is shown', () => {
  const load = (): unknown =>
    loadConfig({ PORT: 'hunter2', BELLHOP_ADMIN_KEY: 'short-secret', LOG_LEVEL: 'loud' });
  expect(load).toThrow(ConfigError);
  const message = faultsOf(load);
  expect(message).toMatch(/PORT/);
  expect(message).toMatch(/BELLHOP_ADMIN_KEY/);
  expect(message).toMatch(/LOG_LEVEL/);
  expect(message).not.toMatch(/hunter2|short-secret|loud/);
});

test('production refuses the embedded database unless it is allowed by name', () => {
  expect(() => loadConfig({ NODE_ENV: 'production' })).toThrow(/BELLHOP_ALLOW_EMBEDDED/);
  expect(loadConfig({ NODE_ENV: 'production', BELLHOP_ALLOW_EMBEDDED: '1' }).mode).toBe('embedded');
});

test('in production whoever keeps secrets needs keys for them, and nobody else does', () => {
  const env = { NODE_ENV: 'production', DATABASE_URL: 'postgres://db/bellhop' };
  const keys = { BELLHOP_SECRET_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}` };
  expect(() => requireSecretKeys(loadConfig(env))).toThrow(ConfigError);
  expect(() => requireSecretKeys(loadConfig({ ...env, ...keys }))).not.toThrow();
  expect(() => requireSecretKeys(loadConfig({ ...env, NODE_ENV: 'development' }))).not.toThrow();
});

test('a process that brings no database asks for one by name', () => {
  expect(() => requireDatabaseUrl(loadConfig({}))).toThrow(/DATABASE_URL/);
  const DATABASE_URL = 'postgres://db/bellhop';
  expect(requireDatabaseUrl(loadConfig({ DATABASE_URL }))).toBe(DATABASE_URL);
});

test('the mode follows from which services are named', () => {
  const DATABASE_URL = 'postgres://db/bellhop';
  expect(loadConfig({ DATABASE_URL }).mode).toBe('postgres');
  expect(loadConfig({ DATABASE_URL, AMQP_URL: 'amqp://mq' }).mode).toBe('full');
  expect(() => loadConfig({ AMQP_URL: 'amqp://mq' })).toThrow(/DATABASE_URL/);
});

function faultsOf(action: () => unknown): string {
  try {
    action();
    return '';
  } catch (error) {
    return String(error);
  }
}

test('a usual lease lies between the least and the most', () => {
  expect(loadConfig({}).leases).toEqual({ min: 300, usual: 864_000, max: 2_592_000 });
  expect(() => loadConfig({ BELLHOP_LEASE_SECONDS: '120' })).toThrow(/BELLHOP_LEASE_SECONDS must lie/);
  expect(() => loadConfig({ BELLHOP_LEASE_MAX_SECONDS: '59' })).toThrow(/BELLHOP_LEASE_MAX_SECONDS/);
  expect(loadConfig({ BELLHOP_LEASE_SECONDS: '300' }).leases.usual).toBe(300);
});
