import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadConfig, requireSecretKeys } from '#libs/config';
import { readCompose, requiredVariables } from './compose-file.js';

const ENV = {
  POSTGRES_PASSWORD: 'pg-pass',
  RABBITMQ_PASSWORD: 'mq-pass',
  BELLHOP_ADMIN_KEY: 'an-admin-key-of-more-than-32-characters',
  BELLHOP_API_KEY: 'the-key-of-the-demos-with-32-characters',
  BELLHOP_SECRET_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
};
const APPS = ['api', 'dispatcher', 'guestbook', 'inbox'];
const compose = readCompose(ENV);

test('it describes PostgreSQL, RabbitMQ and every process, each with a health check', () => {
  expect(Object.keys(compose.services).sort()).toEqual(['postgres', 'rabbitmq', ...APPS].sort());
  for (const service of Object.values(compose.services)) expect(service.healthcheck?.test[0]).toBe('CMD');
});

test.each(Object.keys(ENV))('without %s it does not start, and says what to do', (name) => {
  const { [name as keyof typeof ENV]: _left, ...others } = ENV;
  expect(() => readCompose(others)).toThrow(new RegExp(`${name} is missing a value: set `));
});

test('no secret has a default, here or in the settings', () => {
  expect([...requiredVariables().keys()].sort()).toEqual(Object.keys(ENV).sort());
  const text = readFileSync('docker-compose.yml', 'utf8');
  expect(text).not.toMatch(/(PASSWORD|KEY|SECRET)\w*:-/);
  expect(text).not.toMatch(/(PASSWORD|_PASS|_KEYS?):\s*['"]?[\w-]+['"]?\s*$/m);
});

describe.each(APPS)('service %s', (name) => {
  const service = compose.services[name];

  test('its command is a program of the build', () => {
    const [node, main = ''] = service?.command ?? [];
    expect([node, main]).toEqual(['node', `dist/apps/${name}/src/main.js`]);
    expect(existsSync(main), `${main} must exist after npm run build`).toBe(true);
  });

  test('its environment is accepted as the settings of production', () => {
    const config = loadConfig({ ...service?.environment });
    expect(config).toMatchObject({ isProduction: true, http: { port: 3000, host: '0.0.0.0' } });
  });

  test('it waits for what it needs to be healthy', () => {
    const conditions = Object.values(service?.depends_on ?? {}).map(({ condition }) => condition);
    expect(conditions.length).toBeGreaterThan(0);
    expect(new Set(conditions)).toEqual(new Set(['service_healthy']));
  });

  test('its health check is a program that Node can run', () => {
    const [, , , script = ''] = service?.healthcheck?.test ?? [];
    expect(spawnSync(process.execPath, ['--check', '-'], { input: script }).status).toBe(0);
    expect(script).toContain('/health/ready');
  });
});

test('the demos hold no secret but a key of their own, which the API knows', () => {
  const { api, dispatcher, guestbook, inbox } = compose.services;
  for (const demo of [guestbook, inbox]) {
    expect(loadConfig({ ...demo?.environment })).toMatchObject({
      access: { adminKey: null },
      secrets: { keyring: null },
      apiClient: { key: ENV.BELLHOP_API_KEY },
    });
  }
  expect(api?.environment).toMatchObject({ BELLHOP_API_KEY: ENV.BELLHOP_API_KEY });
  for (const service of [api, dispatcher]) {
    expect(() => requireSecretKeys(loadConfig({ ...service?.environment }))).not.toThrow();
  }
});

test('the database and the broker have no way in from outside, and the platform uses both', () => {
  for (const name of ['postgres', 'rabbitmq']) {
    expect(compose.services[name]).toMatchObject({ networks: ['backend'] });
    expect(compose.services[name]?.ports).toBeUndefined();
  }
  expect(compose.networks.backend).toEqual({ internal: true });
  for (const name of ['api', 'dispatcher']) {
    expect(loadConfig({ ...compose.services[name]?.environment }).mode).toBe('full');
  }
});

test('the only internal address that subscriptions may name is the demo inbox', () => {
  const { egress } = loadConfig({ ...compose.services.dispatcher?.environment });
  const networks = compose.services.inbox?.networks as Record<string, { ipv4_address?: string }>;
  expect(egress).toMatchObject({ allowHosts: ['inbox'], allowPorts: [3000] });
  expect(egress.allowCidrs).toEqual([`${networks.demo?.ipv4_address}/32`]);
});

test.runIf(hasCompose())('docker compose itself agrees (skipped where its plugin is not installed)', () => {
  const path = process.env.PATH ?? '';
  const config = ['compose', '--env-file', '.env.example', 'config', '--quiet'];
  execFileSync('docker', config, { env: { PATH: path, ...ENV } });
  const refused = spawnSync('docker', config, { env: { PATH: path }, encoding: 'utf8' });
  expect(refused.status).not.toBe(0);
  expect(refused.stderr).toMatch(/POSTGRES_PASSWORD|RABBITMQ_PASSWORD|BELLHOP_/);
});

function hasCompose(): boolean {
  return spawnSync('docker', ['compose', 'version']).status === 0;
}
