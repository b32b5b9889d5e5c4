import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { dialectOf, handshakeNamed, newChallenge } from '../index.js';

const SEC = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const URL_OF_HOOK = 'https://hooks.example.org/in';

test.each([
  ['cloudevents', {}, 'ping'],
  ['custom-hmac', { header: 'X-Sum' }, 'smartsheet'],
  ['github', {}, 'github'],
  ['slack', {}, 'slack'],
] as const)(
  '%s %j: the add-on signature of the question %s covers what is sent',
  (profile, profileConfig, name) => {
    const dialect = dialectOf({ profile, profileConfig, signers: ['rfc9421'] }, 'a'.repeat(32));
    const now = new Date();
    const keys = [dialect.secret.parse(SEC)];
    const timestamp = Math.floor(now.getTime() / 1000);
    const challenge = newChallenge('sub_00000000000000000000000000', now);
    const { method, url, headers, body } = handshakeNamed(name).request({
      challenge,
      url: URL_OF_HOOK,
      registeredUrl: URL_OF_HOOK,
      keys,
      config: {},
      origin: 'bellhop.example',
      callbackUrl: null,
      sign: (bytes, contentType) =>
        dialect.headers({
          id: challenge.id,
          timestamp,
          body: bytes,
          keys,
          url: URL_OF_HOOK,
          ...(contentType !== undefined && { contentType }),
        }),
    });
    const sent = new Map(Object.entries(headers).map(([header, value]) => [header.toLowerCase(), value]));
    const params = sent.get('signature-input')?.replace(/^sig1=/, '') ?? '';
    const valueOf = (component: string): string | undefined =>
      ({ '@method': method, '@target-uri': url })[component] ?? sent.get(component);
    const covered = [...params.matchAll(/"([@a-z-]+)"(?=[ )])/g)].map(([, component = '']) => component);
    const lines = covered.map((component) => `"${component}": ${valueOf(component)}\n`);
    const base = `${lines.join('')}"@signature-params": ${params}`;
    const expected = createHmac('sha256', Buffer.from(SEC.slice(6), 'base64'))
      .update(base)
      .digest('base64');
    expect(sent.get('content-type')).toBe('application/json');
    expect(covered).toContain('content-type');
    expect(sent.get('signature')).toBe(`sig1=:${expected}:`);
    expect(body.length).toBeGreaterThan(0);
  },
);
