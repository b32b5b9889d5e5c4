import 'reflect-metadata';
import { Test } from '@nestjs/testing';
import { expect, test } from 'vitest';
import { AppConfig, ConfigModule, loadConfig } from '#libs/config';
import { OutboundHttp } from './outbound-http.js';
import { OutboundHttpModule } from './outbound-http.module.js';

async function client(env: Record<string, string>): Promise<OutboundHttp> {
  const config: AppConfig = loadConfig(env);
  const module = await Test.createTestingModule({
    imports: [ConfigModule.forRoot(config), OutboundHttpModule],
  }).compile();
  return module.get(OutboundHttp);
}

const PRODUCTION = { NODE_ENV: 'production', BELLHOP_ALLOW_EMBEDDED: '1' };

test('the module provides one client that follows the settings', async () => {
  const development = await client({});
  const production = await client(PRODUCTION);
  expect(development.judgeUrl('http://localhost:3000/inbox')).toEqual({
    allowed: true,
    url: 'http://localhost:3000/inbox',
  });
  expect(production.judgeUrl('http://localhost:3000/inbox')).toMatchObject({
    allowed: false,
    errorType: 'blocked_name',
  });
  expect(production.judgeUrl('https://Example.com')).toEqual({ allowed: true, url: 'https://example.com/' });
});

test('a refused URL is a result of the same shape as any other', async () => {
  const http = await client(PRODUCTION);
  const request = {
    method: 'POST',
    headers: {},
    body: Buffer.alloc(0),
    timeoutMs: 1000,
    owner: 'a',
  } as const;
  expect(await http.request({ ...request, url: 'http://10.0.0.1/' })).toMatchObject({
    kind: 'failure',
    errorType: 'blocked_address',
    phase: 'policy',
    startedAt: expect.any(Date) as Date,
    durationMs: 0,
    remoteAddress: null,
    retriedConnection: false,
  });
});

test('after closing, nothing is sent', async () => {
  const http = await client({});
  await http.close();
  const request = { method: 'GET', headers: {}, body: Buffer.alloc(0), timeoutMs: 1000, owner: 'a' } as const;
  expect(await http.request({ ...request, url: 'http://127.0.0.1:1/' })).toMatchObject({
    errorType: 'aborted',
  });
});
