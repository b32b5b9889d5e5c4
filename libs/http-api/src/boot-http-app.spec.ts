import { Body, Controller, Get, Module, Post, Query, Req } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Type } from 'class-transformer';
import { IsArray, IsInt, IsString, ValidateNested } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '#libs/config';
import { BodyLimit } from './body-limit.js';
import { bootHttpApp } from './boot-http-app.js';
import { PageQueryDto } from './page-query.dto.js';
import { Readiness } from './readiness.js';

class PartDto {
  @IsInt({ message: 'size must be a whole number' })
  readonly size!: number;
}

class ThingDto {
  @IsString({ message: 'name must be a text' })
  readonly name!: string;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PartDto)
  readonly parts!: PartDto[];
}

@Controller('things')
class ThingsController {
  @Get()
  list(@Query() page: PageQueryDto): PageQueryDto {
    return page;
  }

  @Post()
  create(@Body() thing: ThingDto): ThingDto {
    return thing;
  }

  @Post('raw')
  @BodyLimit(100 * 1024)
  raw(@Req() request: FastifyRequest & { rawBody?: Buffer }): {
    bytes: string | undefined;
    length: number | undefined;
  } {
    return { bytes: request.rawBody?.subarray(0, 20).toString(), length: request.rawBody?.length };
  }

  @Get('broken')
  broken(): never {
    throw new Error('secret detail');
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

let app: NestFastifyApplication;
beforeAll(async () => {
  app = await bootHttpApp(ThingsModule, loadConfig({ LOG_LEVEL: 'silent', NODE_ENV: 'test' }));
});
afterAll(() => app.close());

const json = { 'content-type': 'application/json' };
const post = (payload: string, url = '/things', headers: Record<string, string> = json) =>
  app.inject({ method: 'POST', url, headers, payload });

test('faults of all fields come together, by path, without a value', async () => {
  const response = await post('{"name":7,"parts":[{"size":1},{"size":"hunter2"}],"colour":"red"}');
  expect(response.statusCode).toBe(422);
  expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(response.json()).toMatchObject({
    code: 'validation_failed',
    requestId: response.headers['x-request-id'],
    errors: [
      { field: 'colour', message: expect.stringContaining('not known') },
      { field: 'name', message: 'name must be a text' },
      { field: 'parts[1].size', message: 'size must be a whole number' },
    ],
  });
  expect(response.body).not.toContain('hunter2');
});

test.each(['[]', '"text"', 'null', '7', ''])(
  'a body %s where an object is due is a fault, not a crash',
  async (payload) => {
    const response = await post(payload);
    expect(response.statusCode).toBe(422);
  },
);

test.each([
  ['malformed JSON', '{', json, 400, 'malformed_json'],
  ['too deep JSON', '['.repeat(40) + ']'.repeat(40), json, 400, 'malformed_json'],
  ['another media type', '<a/>', { 'content-type': 'text/xml' }, 415, 'unsupported_media_type'],
  ['plain text', 'hello', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
  ['a body over 64 KiB', `{"name":"${'x'.repeat(70_000)}"}`, json, 413, 'payload_too_large'],
])('%s is answered with a problem', async (_name, payload, headers, status, code) => {
  const response = await post(payload, '/things', headers);
  expect(response.statusCode).toBe(status);
  expect(response.json()).toMatchObject({ status, code, type: `/docs/problems/${code}` });
});

test('an endpoint may take larger bodies, and sees exactly the bytes that came', async () => {
  const payload = `{ "a" :  1.0, "b":"${'x'.repeat(70_000)}"}`;
  const response = await post(payload, '/things/raw');
  expect(response.json()).toEqual({ bytes: '{ "a" :  1.0, "b":"x', length: payload.length });
  expect((await post(`"${'x'.repeat(110_000)}"`, '/things/raw')).statusCode).toBe(413);
});

test('an unknown address is 404, a known one with a wrong method 405 with Allow', async () => {
  expect((await app.inject('/nowhere')).json()).toMatchObject({ status: 404, code: 'not_found' });
  const wrong = await app.inject({ method: 'DELETE', url: '/things?x=1' });
  expect(wrong.statusCode).toBe(405);
  expect(wrong.headers['allow']).toBe('GET, HEAD, POST');
});

test.each(['/%zz', `/things/${'x'.repeat(500)}`, '/things/%00', '//things'])(
  'the address %s is no 500',
  async (url) => {
    const response = await app.inject(url);
    expect([400, 404]).toContain(response.statusCode);
    expect(response.headers['content-type']).toContain('application/problem+json');
  },
);

test('our own fault is a 500 that tells nothing', async () => {
  const response = await app.inject('/things/broken');
  expect(response.statusCode).toBe(500);
  expect(response.json()).toMatchObject({ code: 'internal_error', title: 'Internal error' });
  expect(response.body).not.toMatch(/secret|stack|Error:/);
});

test('pages have a default size, and a size or cursor that is none is refused', async () => {
  expect((await app.inject('/things')).json()).toEqual({ limit: 50 });
  expect((await app.inject('/things?limit=7&cursor=abc')).json()).toEqual({ limit: 7, cursor: 'abc' });
  for (const query of [
    'limit=0',
    'limit=251',
    'limit=x',
    'limit=1&limit=2',
    'cursor=a&cursor=b',
    'colour=red',
  ]) {
    expect((await app.inject(`/things?${query}`)).statusCode, query).toBe(422);
  }
});

test('a request keeps its own id when that is a plain word, and gets one otherwise', async () => {
  const given = await app.inject({ url: '/health/live', headers: { 'x-request-id': 'trace-7' } });
  const forged = await app.inject({ url: '/health/live', headers: { 'x-request-id': 'a b\t"' } });
  expect(given.headers['x-request-id']).toBe('trace-7');
  expect(forged.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
});

test('every answer carries the security headers, also a refusal', async () => {
  for (const url of ['/health/live', '/nowhere', '/%zz']) {
    const { headers } = await app.inject(url);
    expect(headers['content-security-policy'], url).toBe(
      "default-src 'none';script-src 'self';style-src 'self';img-src 'self';connect-src 'self';" +
        "form-action 'self';base-uri 'none';frame-ancestors 'none'",
    );
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'same-origin',
    });
    expect(headers['x-powered-by']).toBeUndefined();
  }
});

test("a foreign page's form is refused, a plain HTTP client is not", async () => {
  const foreign = await post('{}', '/things', { ...json, origin: 'https://evil.example', host: 'localhost' });
  expect(foreign.json()).toMatchObject({ status: 403, code: 'cross_site_request' });
  const own = await post('{"name":"a","parts":[]}', '/things', {
    ...json,
    origin: 'http://localhost',
    host: 'localhost',
  });
  expect(own.statusCode).toBe(201);
});

test('the API takes no forms', async () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  expect((await post('a=b', '/v1/things', form)).statusCode).toBe(415);
});

test('a public HTTPS address is announced as the only one', async () => {
  const secure = { LOG_LEVEL: 'silent', NODE_ENV: 'test', PUBLIC_URL: 'https://hooks.example.org' };
  const twin = await bootHttpApp(ThingsModule, loadConfig(secure));
  const { headers } = await twin.inject('/health/live');
  expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
  await twin.close();
});

test('requests are counted by route, never by address', async () => {
  await app.inject('/things?limit=3');
  await app.inject({ method: 'HEAD', url: '/things' });
  const { body } = await app.inject('/metrics');
  expect(body).toContain(
    'http_server_request_duration_seconds_count{method="HEAD",route="/things",status="200"} 1',
  );
  expect(body).toMatch(
    /http_server_request_duration_seconds_count\{method="GET",route="\/things",status="200"\} \d+/,
  );
  expect(body).toMatch(/route="unknown",status="404"/);
  expect(body).not.toContain('nowhere');
});

test('a process whose dependency is away is not ready, whatever way the probe says so', async () => {
  const readiness = app.get(Readiness);
  readiness.watch('broker', () => Promise.reject(new Error('gone')));
  const response = await app.inject('/health/ready');
  expect(response.statusCode).toBe(503);
  expect(response.json()).toEqual({ status: 'not_ready', dependencies: { broker: 'down' } });
  readiness.watch('broker', () => true);
});

test('a process that is about to stop says so and closes its connections', async () => {
  expect((await app.inject('/health/ready')).json()).toEqual({
    status: 'ready',
    dependencies: { broker: 'up' },
  });
  app.get(Readiness).startDraining();
  const draining = await app.inject('/health/ready');
  expect(draining.statusCode).toBe(503);
  expect(draining.json()).toMatchObject({ status: 'draining' });
  expect(draining.headers['connection']).toBe('close');
  expect((await app.inject('/health/live')).statusCode).toBe(200);
});
