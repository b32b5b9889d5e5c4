import {
  choiceFaults,
  dialectOf,
  type HandshakeName,
  handshakeNamed,
  type ProfileChoice,
  profileNamed,
  type Question,
} from '#libs/signing';
import { ID_PREFIX, toTypeId } from '#libs/kernel';
import { requestHead, targetLines } from '../../../libs/outbound-http/src/http1/request-head.js';
import { userAgentOf } from '../../../libs/outbound-http/src/user-agent.js';
import { blocksOf } from '../../e2e/docs/markdown.js';

/** What a page subscribes. */
export interface Wish extends ProfileChoice {
  readonly url: string;
  readonly secret: string;
  readonly handshake?: HandshakeName;
}

interface WrittenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Profiles and the add-on that has a page, in the order of the index. */
export const PAGES: readonly string[] =
  'standard preservica kloudless mcs-s3 guestbook-flat github stripe slack cloudevents websub meta twitter zoom dropbox msgraph smartsheet asana okta twitch swt custom-hmac rfc9421'.split(
    ' ',
  );

export function pageOfProfile(name: string): string {
  return `docs/profiles/${name}.md`;
}

const SUBSCRIPTION = '01938b1e-5c00-7000-8000-000000000001';
/** Of the published answer to our own question. */
const OF_VECTORS = 'sub_2KWPBgLlAfxdpx2AI54pPJ85f4W';
const AT = new Date('2026-11-22T04:00:00.000Z');
const SECONDS = AT.getTime() / 1000;
const PUBLIC = new URL('https://bellhop.example.org');
/** As many digits, letters or both as a receiver of this kind can bear. */
const CODES: Readonly<Record<string, string>> = {
  meta: '1158201444',
  'mcs-s3': 'E2itMqAMUVVZc51pUhFWSp13DoxezvRxkUh5P7LEuk1dEe9y',
};
const DATA = { id: '42', name: 'Zoë', message: 'Lovely place!', createdAt: AT.toISOString() };
const EVENT = {
  id: '01938b1e-5c00-7000-8000-00000000002a',
  tenantId: '01938b1e-5c00-7000-8000-0000000000ff',
  type: 'guestbook.entry.created',
  subject: '42',
  timestamp: AT,
  data: Buffer.from(JSON.stringify(DATA)),
};

/** The subscription that a page shows, which must be one that the platform would take. */
export function wishOn(page: string): Wish {
  const block = blocksOf(page).find(({ language, role }) => language === 'json' && role === 'subscribe');
  if (block === undefined) throw new Error(`${page} shows no subscription`);
  const wish = JSON.parse(block.text) as Wish;
  const faults = choiceFaults(wish);
  if (faults.length > 0) throw new Error(`${page}: ${JSON.stringify(faults)}`);
  const filled = profileNamed(wish.profile).fromPlatform?.(PUBLIC) ?? {};
  return { ...wish, profileConfig: { ...filled, ...wish.profileConfig } };
}

/** An event as it is sent for this subscription. */
export function delivery(wish: Wish): string {
  const dialect = dialectOf(wish, SUBSCRIPTION);
  const body = dialect.envelope.body(EVENT);
  const keys = [dialect.secret.parse(wish.secret)];
  const id = `msg_${EVENT.id.replaceAll('-', '')}`;
  const headers = dialect.headers({ id, timestamp: SECONDS, body, keys, url: wish.url, event: EVENT });
  return written({ method: 'POST', url: wish.url, headers, body }, dialect.transport.framing === 'chunked');
}

/** The question that its handshake asks; null if it asks none. */
export function challenge(wish: Wish): string | null {
  const handshake = handshakeNamed(wish.handshake ?? profileNamed(wish.profile).defaultHandshake ?? 'hmac');
  return handshake.asks ? written(handshake.request(questionOf(wish, handshake.name)), false) : null;
}

function questionOf(wish: Wish, handshake: HandshakeName): Question {
  const dialect = dialectOf(wish, SUBSCRIPTION);
  const keys = [dialect.secret.parse(wish.secret)];
  const { url, profileConfig: config = {} } = wish;
  const id = 'msg_3ChallengeAAAAAAAAAAAAAAA';
  const isOurs = ['hmac', 'echo', 'ping'].includes(handshake);
  return {
    challenge: {
      id,
      subscriptionId: isOurs ? OF_VECTORS : toTypeId(ID_PREFIX.subscription, SUBSCRIPTION),
      code: CODES[handshake] ?? 'Zq3tN8yQbR5vX0wLk7Jd2A',
      timestamp: AT,
    },
    url,
    registeredUrl: url,
    keys,
    config,
    origin: PUBLIC.hostname,
    callbackUrl: null,
    sign: (body, contentType) => {
      const signed = { id, timestamp: SECONDS, body, keys, url };
      return dialect.headers({ ...signed, ...(contentType !== undefined && { contentType }) });
    },
  };
}

/** As the connection writes it, with line ends that a page can show. */
function written({ method, url, headers, body }: WrittenRequest, isChunked: boolean): string {
  const { host, pathname, search } = new URL(url);
  const head = requestHead({
    method,
    headers,
    bodyBytes: body.length,
    isChunked,
    targetLines: targetLines(pathname + search, host),
    userAgent: userAgentOf(null),
  });
  const text = body.toString('utf8');
  const sent = isChunked ? `${body.length.toString(16)}\n${text}\n0\n` : text;
  return ((head ?? '').replaceAll('\r\n', '\n') + sent).trimEnd();
}
