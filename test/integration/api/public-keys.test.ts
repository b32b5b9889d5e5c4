import { createPublicKey, generateKeyPairSync, type JsonWebKey, verify } from 'node:crypto';
import { createVerifier, httpbis } from 'http-message-signatures';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Receiver, type ReceivedRequest } from '../../support/receiver.js';
import { FacadeStage } from '../compat/facade-stage.js';

type Jwk = JsonWebKey & { readonly kid: string; readonly exp?: number };

let stage: FacadeStage;
let receiver: Receiver;
beforeAll(async () => {
  [stage, receiver] = await Promise.all([FacadeStage.start(), Receiver.start()]);
});
afterAll(() => Promise.all([receiver.stop(), stage.stop()]));

async function subscribe(more: object = {}): Promise<string> {
  const body = { url: receiver.url, eventTypes: ['*'], handshake: 'none', signers: ['rfc9421'], ...more };
  const made = await stage.api.call('POST', '/v1/subscriptions', { body });
  expect(made.status, made.text).toBe(201);
  return made.json<{ id: string }>().id;
}

const published = (id: string) => stage.api.call('GET', `/v1/subscriptions/${id}/jwks.json`, { key: null });
const keysOf = async (id: string): Promise<Jwk[]> => (await published(id)).json<{ keys: Jwk[] }>().keys;
const asymmetric = { profile: 'standard', profileConfig: { asymmetric: true } };

async function delivered(): Promise<ReceivedRequest> {
  receiver.requests.length = 0;
  await stage.publish({});
  return (await receiver.receives(1))[0] as ReceivedRequest;
}

/** As a receiver does that holds nothing but the address of the key set. */
function isSignedWith({ kid: _kid, ...jwk }: Jwk, { headers, body }: ReceivedRequest): boolean {
  const text = Buffer.concat([
    Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`),
    body,
  ]);
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const tokens = (headers['webhook-signature'] ?? '').split(' ').filter((one) => one.startsWith('v1a,'));
  return tokens.some((one) => verify(null, text, key, Buffer.from(one.slice(4), 'base64')));
}

async function isVerifiedBy(keys: readonly Jwk[], { headers, body }: ReceivedRequest): Promise<unknown> {
  const keyLookup = ({ keyid }: { keyid?: string }) => {
    const jwk = keys.find(({ kid }) => kid === keyid);
    const key = jwk && createPublicKey({ key: { ...jwk }, format: 'jwk' });
    return Promise.resolve(
      key ? { id: keyid ?? '', algs: ['ed25519'], verify: createVerifier(key, 'ed25519') } : null,
    );
  };
  const message = { method: 'POST', url: receiver.url, headers: { ...headers }, body };
  return httpbis.verifyMessage({ keyLookup }, message);
}

test('anybody can verify a delivery with the published keys, before, during and after a rotation', async () => {
  const id = await subscribe(asymmetric);
  const [first, ...others] = await keysOf(id);
  expect(others).toEqual([]);
  expect(first).toMatchObject({ kty: 'OKP', crv: 'Ed25519', use: 'sig', alg: 'EdDSA' });
  const before = await delivered();
  expect(isSignedWith(first as Jwk, before)).toBe(true);
  expect(await isVerifiedBy([first as Jwk], before)).toBe(true);
  const rotate = (overlapSeconds: number) =>
    stage.api.call('POST', `/v1/subscriptions/${id}/rotate-secret`, { body: { overlapSeconds } });
  await rotate(3600);
  const both = await keysOf(id);
  expect(both.map(({ kid }) => kid)).toEqual([expect.stringMatching(/^whpk_/), first?.kid]);
  expect(both.map(({ exp }) => typeof exp)).toEqual(['undefined', 'number']);
  const during = await delivered();
  for (const key of both) expect(isSignedWith(key, during)).toBe(true);
  expect(await isVerifiedBy(both, during)).toBe(true);
  await rotate(0);
  const after = await keysOf(id);
  expect(after).toHaveLength(1);
  expect(both.map(({ kid }) => kid)).not.toContain(after[0]?.kid);
  await stage.api.call('DELETE', `/v1/subscriptions/${id}`);
  expect((await published(id)).status).toBe(404);
});

test('a key of the caller is shown by its public half alone, and none where signatures are symmetric', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
  const secret = `whsk_${seed.toString('base64')}`;
  const id = await subscribe({ ...asymmetric, secret });
  const answer = await published(id);
  expect(answer.json()).toEqual({
    keys: [
      {
        kty: 'OKP',
        crv: 'Ed25519',
        alg: 'EdDSA',
        use: 'sig',
        kid: `whpk_${publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')}`,
        x: publicKey.export({ format: 'jwk' }).x,
      },
    ],
  });
  expect(answer.headers).toMatchObject({
    'content-type': expect.stringContaining('application/jwk-set+json') as string,
    'cache-control': 'public, max-age=300',
  });
  expect(await keysOf(await subscribe())).toEqual([]);
});

test.each(['sub_01h455vb4pex5vsknk084sn02q', 'sub_nonsense', '%2e%2e'])(
  'nothing is published of %s',
  async (id) => {
    const answer = await published(id);
    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain('whpk_');
  },
);
