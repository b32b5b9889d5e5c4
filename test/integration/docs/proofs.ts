import { PAGES } from './page-requests.js';

/** A file from the root, and a title in it. */
export type Proof = readonly [file: string, title: string];

export const COLUMNS = ['challenge', 'delivery', 'signature', 'retry', 'rotation', 'quirks'] as const;
export type Column = (typeof COLUMNS)[number];

const PARTS = 'libs/signing/src';
const UNMODIFIED = 'test/integration/profiles/unmodified-clients.test.ts';
const understood = 'libs/receiver/src/senders/profiles.spec.ts';
const seeds = `${PARTS}/handshakes/seed-handshakes.spec.ts`;
const vendors = `${PARTS}/handshakes/vendor-handshakes.spec.ts`;
const dialects = `${PARTS}/profiles/dialect.spec.ts`;
const signer = `${PARTS}/signers/standard.signer.spec.ts`;
const hub = 'test/integration/compat/websub.test.ts';
const preservica = 'test/integration/profiles/preservica.test.ts';
const swt = `${PARTS}/signers/swt.signer.spec.ts`;
const mcs = 'test/integration/profiles/mcs-s3.test.ts';
const kloudless = 'test/integration/profiles/kloudless.test.ts';
const preservicaFacade = 'test/integration/compat/preservica.test.ts';
const thin = 'test/integration/deliveries/thin-notifications.test.ts';
const redelivery = 'test/integration/profiles/redelivery.test.ts';
const kloudlessFacade = 'test/integration/compat/kloudless.test.ts';

/** What holds for every profile. */
const ALWAYS: Readonly<Record<Column, readonly Proof[]>> = {
  challenge: [[understood, 'the handshake $handshake of the profile $profile is passed']],
  delivery: [[understood, 'a delivery of the profile $profile is taken, and nothing else']],
  signature: [[understood, 'a delivery of the profile $profile is taken, and nothing else']],
  retry: [[dialects, 'makes the same body each time, and headers that can be sent']],
  rotation: [
    [
      'test/integration/subscriptions/rotation.test.ts',
      'after a rotation both secrets sign, newest first, until the overlap ends',
    ],
  ],
  quirks: [
    [dialects, 'refuses fields that it does not know'],
    [understood, 'whatever an event of the profile $profile says, it is taken, and changed it is not'],
  ],
};

const asked: Proof = [vendors, '%s is proven by the answer that its documentation asks for'];
const vector: Proof = [`${PARTS}/vectors.spec.ts`, '$profile vector "$name" is signed exactly'];

/** What is proven of one profile beside that. */
const OWN: Readonly<Record<string, Partial<Record<Column, readonly Proof[]>>>> = {
  standard: {
    challenge: [
      [`${PARTS}/handshakes/handshakes.spec.ts`, 'hmac: the right response proves, in any JSON layout'],
    ],
    signature: [[signer, 'the published verifier accepts whatever is signed']],
    retry: [
      [redelivery, 'a retry and a redelivery say which attempt they are, of the same id and the same bytes'],
    ],
    rotation: [[UNMODIFIED, 'accept the old and the new secret during a rotation']],
    quirks: [[signer, 'text beyond ASCII is signed over its UTF-8 bytes']],
  },
  preservica: {
    challenge: [
      [seeds, 'preservica: the published answer is the only one that proves'],
      [
        preservicaFacade,
        'a tenant that the client names stands in the bodies, and a failed challenge is told as text',
      ],
    ],
    delivery: [
      [preservicaFacade, 'a client subscribes, is sent the event, sees its subscription and ends it'],
      [
        `${PARTS}/envelopes/preservica.envelope.spec.ts`,
        'the body is that of the seed document, to the byte',
      ],
      [
        preservica,
        'a delivery is one chunk of ASCII, with its signature in the one spelling that its receivers look for',
      ],
    ],
    signature: [vector],
    retry: [[preservica, 'the time of an event in a subscription is kept']],
    quirks: [
      [preservica, 'success is decided on the status line, while the body is still awaited'],
      [
        'test/integration/subscriptions/seed-receivers.test.ts',
        'an illegal header, HTTP/1.0 without a length and a body in a second packet do not matter',
      ],
      [preservicaFacade, 'an expired token is the one 401, and the client goes on after another login'],
      [preservicaFacade, 'whatever another login would not change is no 401'],
      [preservicaFacade, 'a shared secret logs in without being sent, as long as its hash is fresh'],
    ],
  },
  kloudless: {
    challenge: [
      [seeds, 'kloudless: the application id proves, with white space around it; nothing else does'],
    ],
    delivery: [
      [kloudless, 'a notification names the account and no more, signed with the API key'],
      [
        kloudlessFacade,
        'a client follows the cursor: every event once, and an empty page with the same cursor at the end',
      ],
    ],
    signature: [vector],
    retry: [
      [
        thin,
        'when the request fails, each that it stood for is tried again, and the receiver has failed once',
      ],
    ],
    quirks: [
      [thin, 'a hundred events of an account with a notification in flight are told of in one more'],
      [thin, 'whoever fetches with every notification has each event when all are delivered'],
      [kloudless, 'white space around the application id does not matter'],
      [kloudlessFacade, 'the scheme %s is taken, with or without a slash'],
      [kloudlessFacade, '%s is answered %i in their shape'],
    ],
  },
  'mcs-s3': {
    challenge: [
      [
        'test/integration/subscriptions/seed-receivers.test.ts',
        'MCS: a receiver that signs its Host and path is taken, and the log says which URL it signed',
      ],
    ],
    delivery: [[mcs, 'an entry is an object: its key, its size and its sum are those of the data']],
    quirks: [
      [mcs, 'with %j the event %s is wanted: %s'],
      [mcs, 'sequencers are whole numbers that grow with time'],
      [
        seeds,
        'mcs-s3: keys and texts swapped, hex between the levels, another URL and silence prove nothing',
      ],
    ],
  },
  github: {
    delivery: [[UNMODIFIED, 'takes a delivery as an event of its type, and verifies it']],
    signature: [vector, [UNMODIFIED, 'refuses what another secret signed']],
    retry: [[redelivery, 'a format that has no place for it is left as it is']],
  },
  stripe: { delivery: [[UNMODIFIED, 'constructs the event']], signature: [vector] },
  slack: {
    challenge: [[UNMODIFIED, 'answers the challenge by itself, and gets the event']],
    signature: [vector],
    retry: [[redelivery, 'to receivers of Slack they say it as Slack does']],
  },
  cloudevents: {
    delivery: [[UNMODIFIED, 'reads the event in the mode %s']],
    quirks: [
      [vendors, 'cloudevents: a status is no consent, and a rate that was asked for must be answered'],
      [UNMODIFIED, 'sends the secret as a bearer token where that is wanted'],
    ],
  },
  websub: {
    challenge: [[hub, 'whoever unsubscribes is asked, and gets nothing more once it has said yes']],
    delivery: [
      [hub, 'a subscriber that confirms gets each item, signed with its secret, with the links of the topic'],
    ],
    signature: [vector],
    quirks: [
      [vendors, 'websub: the body repeats the challenge to the letter'],
      [hub, 'a subscription ends with its lease, and no item comes after that'],
    ],
  },
  meta: { challenge: [asked], quirks: [[vendors, 'meta: the code is a number that fits into 32 bits']] },
  twitter: { challenge: [asked, [vendors, 'the vectors of twitter and zoom are answered exactly']] },
  zoom: {
    challenge: [asked, [vendors, 'the vectors of twitter and zoom are answered exactly']],
    signature: [vector],
  },
  dropbox: { challenge: [asked], signature: [vector] },
  ...Object.fromEntries(
    ['smartsheet', 'asana', 'okta', 'twitch'].map((name) => [name, { challenge: [asked] }]),
  ),
  msgraph: {
    challenge: [asked],
    delivery: [
      [
        understood,
        'a notification of the profile msgraph is taken by the client state that it carries, and no other',
      ],
    ],
  },
  swt: {
    signature: [
      vector,
      [
        'libs/receiver/src/senders/swt.sender.spec.ts',
        'another body, time, issuer or kind of token is refused',
      ],
    ],
    retry: [[swt, 'each attempt has a token of its own, and an attempt has one']],
    quirks: [[swt, 'the claims are those of the draft; the digest is left out where there is no body']],
  },
  'custom-hmac': {
    signature: [
      [`${PARTS}/profiles/custom-hmac.profile.spec.ts`, 'a secret that is read as %s signs with those bytes'],
    ],
    quirks: [
      [
        'test/integration/profiles/registered-url.test.ts',
        '%j signs the URL to the letter as it was subscribed',
      ],
    ],
  },
  rfc9421: {
    signature: [
      [UNMODIFIED, 'verifies the add-on signature by %s, and notices a change'],
      [dialects, 'RFC 9421 signs method, URL, type, digest, id and time as published verifiers compute it'],
    ],
    quirks: [[dialects, 'an add-on wants a secret that it can sign with']],
  },
};

export function proofsOf(name: string, column: Column): readonly Proof[] {
  return [...(OWN[name]?.[column] ?? []), ...ALWAYS[column]];
}

/** Rows of profiles; each proof is a number that the list below explains. */
export function proofTable(): string {
  const all = PAGES.flatMap((name) => COLUMNS.flatMap((column) => proofsOf(name, column)));
  const texts = [...new Set(all.map(textOf))];
  const cell = (name: string, column: Column): string =>
    proofsOf(name, column)
      .map((proof) => `${texts.indexOf(textOf(proof)) + 1}${proof[0] === UNMODIFIED ? '\\*' : ''}`)
      .join(', ');
  const rows = PAGES.map(
    (name) =>
      `| [\`${name}\`](profiles/${name}.md) | ${COLUMNS.map((column) => cell(name, column)).join(' | ')} |`,
  );
  const head = `| profile | ${COLUMNS.join(' | ')} |\n|${' --- |'.repeat(COLUMNS.length + 1)}`;
  return `${head}\n${rows.join('\n')}\n\n${texts.map((text, at) => `${at + 1}. ${text}`).join('\n')}`;
}

function textOf([file, title]: Proof): string {
  return `${title} (\`${file}\`)`;
}
