import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Challenge,
  type ChallengeAnswer,
  challengeResponse,
  type HandshakeName,
  handshakeNamed,
  judgeAnswer,
  newChallenge,
  parseSecret,
  type ProofVerdict,
  signStandard,
} from '../index.js';
import { challengeBody } from '../../../../test/support/challenge-body.js';

const key = parseSecret('whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=');
const challenge: Challenge = {
  id: 'msg_3ChallengeAAAAAAAAAAAAAAA',
  subscriptionId: 'sub_2KWPBgLlAfxdpx2AI54pPJ85f4W',
  code: 'Zq3tN8yQbR5vX0wLk7Jd2A',
  timestamp: new Date('2026-11-22T04:00:00Z'),
};
const proof = challengeResponse(key, challenge.subscriptionId, challenge.code);

test('the request is the published one, to the byte and to the signature', () => {
  const body = challengeBody(challenge);
  expect(body.toString()).toBe(
    '{"type":"webhook.challenge","timestamp":"2026-11-22T04:00:00.000Z","data":{"subscription_id":"sub_2KWPBgLlAfxdpx2AI54pPJ85f4W","challenge":"Zq3tN8yQbR5vX0wLk7Jd2A"}}',
  );
  expect(body).toHaveLength(165);
  const signature = signStandard({ id: challenge.id, timestamp: 1700000000, body, keys: [key] });
  expect(signature).toBe('v1,h3HdLeu4VSPE0ST2FlVwzhFESUkBpwYNRjlrIcYXt5o=');
});

test('every challenge is a new one', () => {
  const [first, second] = [1, 2].map(() => newChallenge('sub_x', new Date()));
  expect(first?.code).toMatch(/^[A-Za-z0-9_-]{22}$/);
  expect(first?.id).toMatch(/^msg_[0-9a-f]{32}$/);
  expect(second?.code).not.toBe(first?.code);
});

test('hmac: the right response proves, in any JSON layout', () => {
  expect(judge('hmac', JSON.stringify({ challenge: challenge.code, response: proof }, null, 2))).toEqual({
    isProven: true,
  });
});

const other = { ...challenge, code: 'AAAAAAAAAAAAAAAAAAAAAA' };
test.each<[string, string, string]>([
  ['an empty body', '', 'challenge_body'],
  ['text', 'ok', 'challenge_body'],
  ['the echo of the code', challenge.code, 'challenge_body'],
  ['the code without a response', `{"challenge":"${challenge.code}"}`, 'challenge_body'],
  ['an array', `["${challenge.code}","${proof}"]`, 'challenge_body'],
  ['one character off', answer({ response: `x${proof.slice(1)}` }), 'challenge_signature'],
  ['a shorter response', answer({ response: proof.slice(0, 10) }), 'challenge_signature'],
  ['an empty response', answer({ response: '' }), 'challenge_signature'],
  [
    'the response in hex',
    answer({ response: Buffer.from(proof, 'base64').toString('hex') }),
    'challenge_signature',
  ],
  [
    'a proof made with another key',
    answer({ response: challengeResponse(Buffer.alloc(32), challenge.subscriptionId, challenge.code) }),
    'challenge_signature',
  ],
  [
    'the proof of another subscription',
    answer({ response: challengeResponse(key, 'sub_other', challenge.code) }),
    'challenge_signature',
  ],
  [
    'a replayed proof with its own code',
    answer({ challenge: other.code, response: challengeResponse(key, challenge.subscriptionId, other.code) }),
    'challenge_body',
  ],
  [
    'a replayed proof with this code',
    answer({ response: challengeResponse(key, challenge.subscriptionId, other.code) }),
    'challenge_signature',
  ],
  ['the signature of the request', answer({ response: deliverySignature().slice(3) }), 'challenge_signature'],
])('hmac: %s proves nothing', (_what, body, errorType) => {
  expect(judge('hmac', body)).toMatchObject({ isProven: false, errorType });
});

test('hmac: no text proves by chance or makes the judge throw', () => {
  fc.assert(fc.property(fc.string(), (body) => !judge('hmac', body).isProven));
  fc.assert(fc.property(fc.json(), (body) => !judge('hmac', body).isProven));
});

test('hmac: without a key nothing is proven', () => {
  expect(judge('hmac', answer({}), 200, []).isProven).toBe(false);
});

test('echo: the code proves as text, with white space around it, and as JSON', () => {
  for (const body of [challenge.code, `${challenge.code}\r\n`, `{"challenge": "${challenge.code}"}`]) {
    expect(judge('echo', body)).toEqual({ isProven: true });
  }
});

test.each([
  '',
  'ok',
  other.code,
  `{"challenge":"${other.code}"}`,
  `{"challenge":1}`,
  `"${challenge.code}"`,
  'null',
])('echo: %j proves nothing', (body) => {
  expect(judge('echo', body)).toMatchObject({ isProven: false, errorType: 'challenge_body' });
});

test.each<HandshakeName>(['hmac', 'echo'])(
  '%s: a long answer is refused even if the proof is in it',
  (name) => {
    const body = answer({}).padEnd(513);
    expect(judge(name, body)).toMatchObject({ isProven: false, errorType: 'challenge_too_large' });
  },
);

test('ping: any 2xx proves, whatever its body', () => {
  expect(judge('ping', 'x'.repeat(10_000), 204)).toEqual({ isProven: true });
  expect(judge('ping', '', 302)).toMatchObject({ isProven: false, errorType: 'challenge_status' });
});

test('none asks nothing; the others do', () => {
  const asking = (['hmac', 'echo', 'ping', 'none'] as const).filter((name) => handshakeNamed(name).asks);
  expect(asking).toEqual(['hmac', 'echo', 'ping']);
});

test.each([100, 301, 307, 400, 401, 404, 405, 500, 503])(
  'a right proof with status %i proves nothing',
  (status) => {
    expect(judge('hmac', answer({}), status)).toMatchObject({
      isProven: false,
      errorType: 'challenge_status',
    });
  },
);

function answer(change: Record<string, string>): string {
  return JSON.stringify({ challenge: challenge.code, response: proof, ...change });
}

function deliverySignature(): string {
  return signStandard({
    id: challenge.id,
    timestamp: 1700000000,
    body: challengeBody(challenge),
    keys: [key],
  });
}

function reply(status: number, body: string): ChallengeAnswer {
  return { status, headers: {}, body: Buffer.from(body), isTruncated: false };
}

function judge(name: HandshakeName, body: string, status = 200, keys = [key]): ProofVerdict {
  const url = 'https://hooks.example.org/in';
  const question = { challenge, url, registeredUrl: url, keys, config: {}, sign: () => ({}) };
  const input = { ...question, origin: 'bellhop.example', callbackUrl: null, answer: reply(status, body) };
  return judgeAnswer(handshakeNamed(name), input);
}
