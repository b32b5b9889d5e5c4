import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Card, contentOf, postCard, type ReceivedEvent } from '#libs/receiver';

let teams: Server;
let workflowUrl: string;
let status = 202;
const posted: { headers: Record<string, unknown>; body: Record<string, unknown> }[] = [];

async function play(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
  posted.push({ headers: request.headers, body });
  response.writeHead(status, { location: workflowUrl }).end('1');
}

beforeAll(async () => {
  teams = createServer((request, response) => void play(request, response));
  await new Promise<void>((resolve) => teams.listen(0, '127.0.0.1', resolve));
  workflowUrl = `http://127.0.0.1:${(teams.address() as AddressInfo).port}/workflows/abc?sig=canary`;
});
beforeEach(() => {
  status = 202;
  posted.length = 0;
});
afterAll(async () => {
  teams.closeAllConnections();
  await new Promise((resolve) => teams.close(resolve));
});

const context = { signal: new AbortController().signal, attempt: 1, claimedAt: new Date() };
const event = (data: unknown): ReceivedEvent => ({
  id: 'e1',
  type: 'guestbook.entry.created',
  key: 'e1',
  payload: Buffer.from(JSON.stringify({ type: 'guestbook.entry.created', data })),
  receivedAt: new Date(),
});

function cardOf(received: ReceivedEvent): Card | null {
  const { data } = contentOf(received) as { data: { name: string; message: string; url: string } };
  if (data.name === 'nobody') return null;
  return {
    title: `${data.name} signed the guestbook`,
    text: data.message,
    facts: { Id: 'e1' },
    url: data.url,
  };
}

const post = (data: unknown): unknown => postCard({ workflowUrl, cardOf, send: fetch })(event(data), context);

test('an event becomes an adaptive card in a message', async () => {
  await post({ name: 'Ada', message: 'Hello', url: 'https://example.org/1' });
  expect(posted[0]?.headers).toMatchObject({ 'content-type': 'application/json' });
  expect(posted[0]?.body).toEqual({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            {
              type: 'TextBlock',
              wrap: true,
              text: 'Ada signed the guestbook',
              weight: 'Bolder',
              size: 'Medium',
            },
            { type: 'TextBlock', wrap: true, text: 'Hello' },
            { type: 'FactSet', facts: [{ title: 'Id', value: 'e1' }] },
          ],
          actions: [{ type: 'Action.OpenUrl', title: 'Open', url: 'https://example.org/1' }],
        },
      },
    ],
  });
});

test('what a guest wrote stays text: no link, no picture, no script address, no endless card', async () => {
  const message = `[click](https://evil.example) ![x](https://evil.example/a.png) ${'😀'.repeat(5000)}`;
  await post({ name: '**Eve**', message, url: 'javascript:alert(1)' });
  const text = JSON.stringify(posted[0]?.body);
  expect(text).not.toMatch(/\]\(|javascript:/);
  expect(text).toContain('\\\\[click\\\\]');
  expect(text.length).toBeLessThan(28_000);
});

test('an event that is no news is not posted', async () => {
  await post({ name: 'nobody' });
  expect(posted).toEqual([]);
});

test.each([429, 500, 302])('the status %i is a fault that does not tell the secret URL', async (refusal) => {
  status = refusal;
  const fault = await Promise.resolve(post({ name: 'Ada', message: '', url: '' })).catch(String);
  expect(fault).toMatch(/Error/);
  expect(fault).not.toContain('canary');
  expect(posted).toHaveLength(1);
});
