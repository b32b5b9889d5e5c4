import { readFileSync } from 'node:fs';
import { type Vector, VECTORS } from '../../../support/protocol-vectors.js';

/** A call of one function: its arguments in the order of the pages, and what it must say. */
export interface Case {
  readonly scheme: string;
  readonly name: string;
  readonly args: readonly string[];
  readonly expected: string;
}

const PUBLIC_KEY = 'whpk_A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=';

/** Profiles whose signature is an HMAC over the body: what stands before it, and its letters. */
const OVER_BODY: Readonly<Record<string, readonly [string, string]>> = {
  github: ['sha256=', 'hex'],
  websub: ['sha256=', 'hex'],
  dropbox: ['', 'hex'],
  kloudless: ['', 'base64'],
};

/** Every vector that a function of the pages can be held to. */
export function rightCases(): Case[] {
  const { cases: own } = JSON.parse(readFileSync('test/vectors/verify-cases.json', 'utf8')) as {
    cases: Case[];
  };
  return [...VECTORS.flatMap(caseOf), ...own.map((one) => ({ ...one, expected: 'true' }))];
}

/** For one of each scheme, what is not to be believed. */
export function wrongCases(): Case[] {
  return [...new Map(rightCases().map((one) => [one.scheme, one])).values()].flatMap(wrongOnes);
}

function caseOf({ profile, name, input, output }: Vector): Case[] {
  const text = (key: string): string => input[key] ?? '';
  const found = Object.entries(READERS).find(([, { isFor }]) => isFor(profile, input, name));
  if (found === undefined) return [];
  const [scheme, { args, isText }] = found;
  const expected = isText === true ? output : 'true';
  return [{ scheme, name: `${profile}: ${name}`, args: args(text, output, profile), expected }];
}

interface Reader {
  readonly isFor: (profile: string, input: Vector['input'], name: string) => boolean;
  readonly args: (text: (key: string) => string, output: string, profile: string) => readonly string[];
  /** The function makes a text instead of believing one. */
  readonly isText?: true;
}

const READERS: Readonly<Record<string, Reader>> = {
  standard: {
    isFor: (profile, input) => profile === 'standard' && 'secret' in input,
    args: (text, output) => [text('secret'), ...standardArgs(text, output)],
  },
  'standard-public': {
    isFor: (profile, input) => profile === 'standard' && 'seedHex' in input,
    args: (text, output) => [PUBLIC_KEY, ...standardArgs(text, output)],
  },
  'over-body': {
    isFor: (profile, _input, name) => profile in OVER_BODY && !name.endsWith('sha1'),
    args: (text, output, profile) => [
      text('secret') || text('apiKey'),
      ...(OVER_BODY[profile] ?? []),
      output,
      text('body'),
    ],
  },
  preservica: {
    isFor: (profile, input) => profile === 'preservica' && 'body' in input,
    args: (text, output) => [text('secret'), output, text('body')],
  },
  stripe: {
    isFor: (profile) => profile === 'stripe',
    args: (text, output) => [text('secret'), output, text('body'), text('timestamp')],
  },
  v0: {
    isFor: (profile, input) => ['slack', 'zoom'].includes(profile) && 'body' in input,
    args: (text, output) => [text('secret'), text('timestamp'), output, text('body'), text('timestamp')],
  },
  'mcs-proof': {
    isFor: (profile) => profile === 'mcs-s3',
    args: (text) => ['Token', 'Timestamp', 'TopicArn', 'url'].map(text),
    isText: true,
  },
  'challenge-response': {
    isFor: (profile) => profile === 'native',
    args: (text) => [
      `whsec_${Buffer.from(text('keyHex'), 'hex').toString('base64')}`,
      text('subscriptionId'),
      text('challenge'),
    ],
    isText: true,
  },
};

function standardArgs(text: (key: string) => string, signatures: string): string[] {
  return [text('id'), text('timestamp'), signatures, text('body'), text('timestamp')];
}

/** Where among the arguments the signature and the body stand, and whether the time comes last. */
const PLACES: Readonly<Record<string, { signature: number; body: number; isTimed: boolean }>> = {
  standard: { signature: 3, body: 4, isTimed: true },
  'standard-public': { signature: 3, body: 4, isTimed: true },
  'over-body': { signature: 3, body: 4, isTimed: false },
  preservica: { signature: 1, body: 2, isTimed: false },
  stripe: { signature: 1, body: 2, isTimed: true },
  v0: { signature: 2, body: 3, isTimed: true },
  twitch: { signature: 3, body: 4, isTimed: true },
  'http-signature': { signature: 7, body: 8, isTimed: true },
};

function wrongOnes(right: Case): Case[] {
  const place = PLACES[right.scheme];
  if (place === undefined) return [];
  const changed = (what: string, at: number, change: (value: string) => string): Case => ({
    scheme: right.scheme,
    name: `${right.name}, ${what}`,
    args: right.args.map((value, index) => (index === at ? change(value) : value)),
    expected: 'false',
  });
  const last = right.args.length - 1;
  const late = changed('too late', last, (now) => String(Number(now) + 301));
  const early = changed('too early', last, (now) => String(Number(now) - 301));
  return [
    changed('another body', place.body, (value) => `${value} `),
    changed('another key', 0, otherKey),
    changed('no signature', place.signature, () => ''),
    ...(place.isTimed ? [late, early] : []),
  ];
}

/** Another one of the same kind and length. */
function otherKey(key: string): string {
  if (key === PUBLIC_KEY) return 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=';
  return key.startsWith('whsec_') ? `whsec_${Buffer.alloc(32, 7).toString('base64')}` : `${key}?`;
}
