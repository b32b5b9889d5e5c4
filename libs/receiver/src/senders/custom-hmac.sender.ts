import { parsedJson, textOf } from '../json.js';
import { digestOf, newEvent } from '../received-event.js';
import { headerOf, type IncomingRequest } from '../request.js';
import { badSignature, brought, type Sender } from '../sender.js';
import { type HmacAlgorithm, signingKey } from '../verify/hmac.js';
import { isRecent } from '../verify/timestamp.js';
import { answerOwn, ownChallenge } from './own-challenge.js';
import { keysOf } from './secrets.js';

export interface CustomHmacOptions {
  readonly secrets: readonly string[];
  /** The header of the signature. */
  readonly header: string;
  /** What stands before it there, e.g. `sha256=`. */
  readonly prefix?: string;
  readonly algorithm?: HmacAlgorithm;
  readonly encoding?: 'hex' | 'base64';
  /** What is signed, with `{id}`, `{timestamp}`, `{url}` and `{body}`, e.g. `{timestamp}.{body}`. */
  readonly template?: string;
  readonly keyEncoding?: 'utf8' | 'latin1' | 'base64' | 'hex';
  /** The registered URL, if the template names it. */
  readonly url?: string;
  readonly idHeader?: string;
  readonly timestampHeader?: string;
  readonly typeHeader?: string;
  readonly toleranceSeconds?: number;
}

/**
 * Any signature that is an HMAC over parts of the request; covers the senders that have no shape of their own here.
 * Bellhop's own challenge, signed like that, is answered.
 */
export function customHmac(options: CustomHmacOptions): Sender {
  const keys = keysOf(options.secrets, options.keyEncoding);
  const { algorithm = 'sha256', encoding = 'hex', prefix = '', template = '{body}' } = options;
  const names = lowerCased(options);
  if (template.includes('{timestamp}') !== (names.timestamp !== undefined) || !template.includes('{body}')) {
    throw new TypeError(
      'The template must have {body}, and {timestamp} exactly if there is a header for it.',
    );
  }
  return {
    name: 'custom-hmac',
    read: (request, now) => {
      const [signature = '', id, time] = [names.header, names.id, names.timestamp].map((name) =>
        name === undefined ? undefined : headerOf(request, name),
      );
      if (!signature.startsWith(prefix)) return badSignature();
      if (names.timestamp !== undefined && !isRecent(time, now, options.toleranceSeconds)) {
        return badSignature();
      }
      const parts = partsOf(template, { id, timestamp: time, url: options.url, body: request.body });
      const question = { given: signature.slice(prefix.length), parts, keys, encoding, algorithm };
      const key = signingKey(question);
      if (key === null) return badSignature();
      const asked = ownChallenge(request.body);
      return asked === undefined ? brought([eventOf(request, id, names.type)]) : answerOwn(asked, key);
    },
  };
}

type Values = Readonly<Record<string, string | Buffer | undefined>>;

function partsOf(template: string, values: Values): (string | Buffer)[] {
  return template
    .split(/(\{(?:id|timestamp|url|body)\})/)
    .map((part) => (/^\{\w+\}$/.test(part) ? (values[part.slice(1, -1)] ?? '') : part));
}

function lowerCased({ header, idHeader, timestampHeader, typeHeader }: CustomHmacOptions) {
  const [id, timestamp, type] = [idHeader, timestampHeader, typeHeader].map((name) => name?.toLowerCase());
  return { header: header.toLowerCase(), id, timestamp, type };
}

function eventOf(request: IncomingRequest, id: string | undefined, typeHeader: string | undefined) {
  const content = parsedJson(request.body);
  const named = typeHeader === undefined ? undefined : headerOf(request, typeHeader);
  const type = named ?? textOf(content, 'type') ?? '';
  return newEvent({ id: id || digestOf(request.body), type, payload: request.body });
}
