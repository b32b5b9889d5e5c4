import { expect, test } from 'vitest';
import { type Vector, VECTORS } from '../../../../test/support/protocol-vectors.js';
import type { Sender } from '../sender.js';
import { senders } from './senders.js';

interface Listener {
  readonly sender: (secret: string) => Sender;
  readonly header: string;
  /** What a request has beside the signature. */
  readonly beside?: (input: Vector['input']) => Record<string, string>;
}

/** Who listens to the vectors whose signature stands in one header. */
const LISTENERS: Readonly<Record<string, Listener>> = {
  preservica: {
    sender: (secret) => senders.preservica({ secrets: [secret] }),
    header: 'preservica-signature',
  },
  kloudless: {
    sender: (secret) => senders.kloudless({ apiKeys: [secret], applicationId: 'APPID' }),
    header: 'x-kloudless-signature',
  },
  github: {
    sender: (secret) => senders.github({ secrets: [secret] }),
    header: 'x-hub-signature-256',
    beside: () => ({ 'x-github-delivery': 'd-1', 'x-github-event': 'push' }),
  },
  'github sha1': {
    sender: (secret) =>
      senders.customHmac({
        secrets: [secret],
        header: 'X-Hub-Signature',
        prefix: 'sha1=',
        algorithm: 'sha1',
      }),
    header: 'x-hub-signature',
  },
  stripe: { sender: (secret) => senders.stripe({ secrets: [secret] }), header: 'stripe-signature' },
  slack: {
    sender: (secret) => senders.slack({ secrets: [secret] }),
    header: 'x-slack-signature',
    beside: ({ timestamp = '' }) => ({ 'x-slack-request-timestamp': timestamp }),
  },
  zoom: {
    sender: (secret) => senders.zoom({ secrets: [secret] }),
    header: 'x-zm-signature',
    beside: ({ timestamp = '' }) => ({ 'x-zm-request-timestamp': timestamp }),
  },
  dropbox: { sender: (secret) => senders.dropbox({ secrets: [secret] }), header: 'x-dropbox-signature' },
  websub: {
    sender: (secret) => senders.websub({ secrets: [secret], topics: ['https://example.org/feed'] }),
    header: 'x-hub-signature',
  },
  standard: {
    sender: (secret) => senders.standard({ secrets: [secret] }),
    header: 'webhook-signature',
    beside: ({ id = '', timestamp = '' }) => ({ 'webhook-id': id, 'webhook-timestamp': timestamp }),
  },
};

const listenerOf = ({ profile, name }: Vector): Listener | undefined =>
  LISTENERS[name.endsWith('sha1') ? `${profile} sha1` : profile];
const heard = VECTORS.filter(
  (vector) => listenerOf(vector) && 'body' in vector.input && !('seedHex' in vector.input),
);

test('the vectors are there', () => {
  expect(heard).toHaveLength(15);
});

test.each(heard)('$profile vector "$name" is verified, and not with another secret', (vector) => {
  const secret = vector.input['secret'] ?? vector.input['apiKey'] ?? '';
  expect(kindOf(vector, secret)).not.toBe('refused');
  expect(kindOf(vector, `whsec_${Buffer.alloc(32, 7).toString('base64')}`)).toBe('refused');
});

function kindOf(vector: Vector, secret: string): string {
  const { input, output } = vector;
  const { sender, header, beside } = listenerOf(vector) as Listener;
  const headers = { ...beside?.(input), [header]: output };
  const request = { method: 'POST', url: '/in', headers, body: Buffer.from(input['body'] ?? '') };
  return sender(secret).read(request, new Date(Number(input['timestamp'] ?? 0) * 1000)).kind;
}
