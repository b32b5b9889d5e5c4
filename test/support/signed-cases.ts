import { createHmac } from 'node:crypto';
import { parseSecret, signStandard } from '#libs/signing';
import { type Sender, senders } from '#libs/receiver';

export const SEC = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
export const ID = 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W';
export const BODY =
  '{"type":"guestbook.entry.created","timestamp":"2026-11-22T04:00:00.000Z","data":{"id":"42"}}';
export const SECONDS = 1700000000;
export const TIME = String(SECONDS);

/** A request as its sender signs it, and a receiver that listens to this sender. */
export interface SignedCase {
  readonly sender: Sender;
  readonly headers: Readonly<Record<string, string>>;
  /** The header whose change must be noticed; the signature, unless the proof is another one. */
  readonly proof: string;
  readonly body?: string;
  readonly seconds?: number;
  readonly type?: string;
}

const hmacOf = (key: string, text: string, encoding: 'hex' | 'base64' = 'hex'): string =>
  createHmac('sha256', key).update(text).digest(encoding);
const standardHeaders = (body: string): Record<string, string> => ({
  'webhook-id': ID,
  'webhook-timestamp': TIME,
  'webhook-signature': signStandard({
    id: ID,
    timestamp: SECONDS,
    body: Buffer.from(body),
    keys: [parseSecret(SEC)],
  }),
});
const twitchTime = new Date(SECONDS * 1000).toISOString();
const MCS_BODY =
  '{"Records":[{"s3":{"object":{"key":"entries/1.json","sequencer":1,"size":2},"bucket":{"name":"guestbook"}},"eventName":"s3:ObjectCreated:Put"}]}';

/** Signatures of the published vectors where there are any. */
export const SIGNED_CASES: Readonly<Record<string, SignedCase>> = {
  'standard v1': {
    sender: senders.standard({ secrets: [SEC] }),
    headers: {
      'webhook-id': ID,
      'webhook-timestamp': TIME,
      'webhook-signature': 'v1,x8hLuHVuk5scQ3V2ehw/0nkArerOH67Qc6mxjcIULmA=',
    },
    proof: 'webhook-signature',
    type: 'guestbook.entry.created',
  },
  'standard v1a': {
    sender: senders.standard({ publicKeys: ['whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4='] }),
    headers: {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature':
        'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==',
    },
    proof: 'webhook-signature',
    body: '{"test": 2432232314}',
    seconds: 1614265330,
  },
  github: {
    sender: senders.github({ secrets: ['other', SEC] }),
    headers: {
      'x-github-delivery': 'd-1',
      'x-github-event': 'guestbook.entry.created',
      'x-hub-signature-256': 'sha256=b2681e45b2088ac30f2b5b09ab789f5a158fe4f1718f24d5521902bb993ed27a',
    },
    proof: 'x-hub-signature-256',
    type: 'guestbook.entry.created',
  },
  stripe: {
    sender: senders.stripe({ secrets: [SEC] }),
    headers: {
      'stripe-signature': `t=${TIME},v1=7ba6f6600b2159fa8c29a0c66787d6d74864d9db37ff4806c35001a9921ef865`,
    },
    proof: 'stripe-signature',
    type: 'guestbook.entry.created',
  },
  slack: {
    sender: senders.slack({ secrets: [SEC] }),
    headers: {
      'x-slack-request-timestamp': TIME,
      'x-slack-signature': 'v0=18507049d3023751afbdf1e12591cf18b822e8309534d253088148acfc600d4d',
    },
    proof: 'x-slack-signature',
    type: 'guestbook.entry.created',
  },
  preservica: {
    sender: senders.preservica({ secrets: [SEC] }),
    headers: { 'preservica-signature': 'a3675b80ad09dce5cd2f3dbb8ac6c67fbf796995cf63072ad591cbaf4a4a2025' },
    proof: 'preservica-signature',
  },
  kloudless: {
    sender: senders.kloudless({ apiKeys: ['KEY'], applicationId: 'APPID' }),
    headers: { 'x-kloudless-signature': 'g8nnbnRoQRB5kD+nHJGvzQuGsXFUtV79G/X7NW6Xunk=' },
    proof: 'x-kloudless-signature',
    body: 'account=593652',
    type: 'account.changed',
  },
  'mcs-s3': {
    sender: senders.mcsS3({
      url: 'http://test.com',
      topics: ['mcs1|guestbook'],
      signedBy: { secrets: [SEC] },
    }),
    headers: standardHeaders(MCS_BODY),
    proof: 'webhook-signature',
    body: MCS_BODY,
    type: 's3:ObjectCreated:Put',
  },
  'custom-hmac, of another vendor': {
    sender: senders.customHmac({
      secrets: ['hush'],
      header: 'X-Shopify-Hmac-Sha256',
      encoding: 'base64',
      idHeader: 'X-Shopify-Event-Id',
    }),
    headers: { 'x-shopify-hmac-sha256': 'VnKUjZsLuN5iZWjn5EntcBVCF9kMN43LglzCE1/GSeY=' },
    proof: 'x-shopify-hmac-sha256',
    body: '{"id":1}',
  },
  'custom-hmac, with body and URL': {
    sender: senders.customHmac({
      secrets: ['trello-secret'],
      header: 'X-Trello-Webhook',
      algorithm: 'sha1',
      encoding: 'base64',
      template: '{body}{url}',
      url: 'https://hooks.example.org/trello?x=1',
    }),
    headers: { 'x-trello-webhook': 'coU5LFg2XYRQ4nVaHmgiPrqc/2A=' },
    proof: 'x-trello-webhook',
    body: '{"action":{}}',
  },
  'custom-hmac, with id and time': {
    sender: senders.customHmac({
      secrets: ['00ff'],
      keyEncoding: 'hex',
      header: 'X-Sig',
      prefix: 'v9=',
      template: '{id}:{timestamp}:{body}',
      idHeader: 'X-Id',
      timestampHeader: 'X-Time',
    }),
    headers: {
      'x-id': 'e1',
      'x-time': TIME,
      'x-sig': `v9=${createHmac('sha256', Buffer.from('00ff', 'hex')).update(`e1:${TIME}:${BODY}`).digest('hex')}`,
    },
    proof: 'x-sig',
    type: 'guestbook.entry.created',
  },
  websub: {
    sender: senders.websub({ secrets: ['websub-secret'], topics: ['https://example.org/feed'] }),
    headers: {
      'x-hub-signature': 'sha256=4c2e585c6c7c4d33d72a7b8bd87433dc2bcb255e1a6e253ab84227c34df0d96b',
    },
    proof: 'x-hub-signature',
    body: '<feed/>',
    type: 'topic.changed',
  },
  cloudevents: {
    sender: senders.cloudEvents({ origins: ['hooks.example.org'], proof: { bearer: 'token-1' } }),
    headers: { authorization: 'Bearer token-1', 'content-type': 'application/cloudevents+json' },
    proof: 'authorization',
    body: '{"specversion":"1.0","id":"1","source":"/g","type":"a.b"}',
    type: 'a.b',
  },
  meta: {
    sender: senders.meta({ secrets: [SEC], verifyToken: 'tok' }),
    headers: {
      'x-hub-signature-256': 'sha256=b2681e45b2088ac30f2b5b09ab789f5a158fe4f1718f24d5521902bb993ed27a',
    },
    proof: 'x-hub-signature-256',
    type: 'guestbook.entry.created',
  },
  twitter: {
    sender: senders.twitter({ secrets: ['s'] }),
    headers: { 'x-twitter-webhooks-signature': `sha256=${hmacOf('s', BODY, 'base64')}` },
    proof: 'x-twitter-webhooks-signature',
    type: 'guestbook.entry.created',
  },
  zoom: {
    sender: senders.zoom({ secrets: ['zoom_secret'] }),
    headers: {
      'x-zm-request-timestamp': '1658940994',
      'x-zm-signature': 'v0=7cd3a200ea740cbd8e049b55310c154dba88b541187e4f6e64a45ce69c105298',
    },
    proof: 'x-zm-signature',
    body: '{"event":"meeting.ended"}',
    seconds: 1658940994,
    type: 'meeting.ended',
  },
  dropbox: {
    sender: senders.dropbox({ secrets: ['the_secret'] }),
    headers: { 'x-dropbox-signature': '0a8c16b085420b960dc78664279fe09e936a2a01b1f91064869d9e77dfd64529' },
    proof: 'x-dropbox-signature',
    body: '{"delta": {"users": [12345]}}',
  },
  smartsheet: {
    sender: senders.smartsheet({ secrets: ['s'] }),
    headers: { 'smartsheet-hmac-sha256': hmacOf('s', BODY) },
    proof: 'smartsheet-hmac-sha256',
    type: 'guestbook.entry.created',
  },
  asana: {
    sender: senders.asana({ secret: 's', learned: () => undefined }),
    headers: { 'x-hook-signature': hmacOf('s', BODY) },
    proof: 'x-hook-signature',
    type: 'guestbook.entry.created',
  },
  okta: {
    sender: senders.okta({ authorization: 'secret-1' }),
    headers: { authorization: 'secret-1' },
    proof: 'authorization',
  },
  twitch: {
    sender: senders.twitch({ secrets: ['s'] }),
    headers: {
      'twitch-eventsub-message-id': 'm1',
      'twitch-eventsub-message-timestamp': twitchTime,
      'twitch-eventsub-message-signature': `sha256=${hmacOf('s', `m1${twitchTime}${BODY}`)}`,
    },
    proof: 'twitch-eventsub-message-signature',
  },
};
