import { afterEach, expect, test } from 'vitest';
import { PlatformClient } from '#libs/outbound-http';
import { answering, ending, type RawServer, type Script, startRawServer } from './support/raw-server.js';

let server: RawServer;
let client: PlatformClient;
afterEach(async () => {
  await client.close();
  await server.close();
});

async function clientOf(script: Script, timeoutMs?: number): Promise<PlatformClient> {
  server = await startRawServer(script);
  client = new PlatformClient({
    url: `http://127.0.0.1:${server.port}`,
    key: 'bhk_test',
    ...(timeoutMs && { timeoutMs }),
  });
  return client;
}

const json = (status: number, body: unknown): string => {
  const text = JSON.stringify(body);
  return `HTTP/1.1 ${status} X\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`;
};

test('it sends JSON with the key and gives back status and JSON', async () => {
  const api = await clientOf(answering(json(201, { id: 'sub_1' })));
  expect(await api.request('POST', '/v1/subscriptions', { url: 'x' })).toEqual({
    status: 201,
    body: { id: 'sub_1' },
  });
  expect(server.requests[0]).toMatch(/^POST \/v1\/subscriptions HTTP/);
  expect(server.requests[0]).toContain('authorization: Bearer bhk_test\r\n');
  expect(server.requests[0]).toMatch(/\{"url":"x"\}$/);
});

test('a problem document is a value', async () => {
  const api = await clientOf(answering(json(422, { code: 'challenge_failed' })));
  expect(await api.request('POST', '/v1/subscriptions', {})).toEqual({
    status: 422,
    body: { code: 'challenge_failed' },
  });
});

test('an answer without JSON has the body null', async () => {
  const api = await clientOf(answering('HTTP/1.1 204 No Content\r\n\r\n'));
  expect(await api.request('DELETE', '/v1/subscriptions/sub_1')).toEqual({ status: 204, body: null });
});

test('no path leads to another host, and redirects are not followed', async () => {
  const api = await clientOf(
    answering('HTTP/1.1 302 X\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n'),
  );
  expect(await api.request('GET', '/v1/x')).toEqual({ status: 302, body: null });
  await expect(api.request('GET', '//evil.example/')).rejects.toThrow(TypeError);
  await expect(api.request('GET', 'http://evil.example/')).rejects.toThrow(TypeError);
});

test.each<[string, Script]>([
  ['says nothing', () => undefined],
  ['closes', ending('')],
])('an API that %s is unavailable', async (_what, script) => {
  const api = await clientOf(script, 200);
  await expect(api.request('GET', '/v1/x')).rejects.toMatchObject({
    kind: 'unavailable',
    code: 'platform_unavailable',
  });
});
