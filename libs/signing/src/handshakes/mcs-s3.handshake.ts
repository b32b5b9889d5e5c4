import { createHmac, randomInt } from 'node:crypto';
import { isEqualConstantTime } from '../constant-time.js';
import { jsonText } from './answer-body.js';
import {
  defineHandshake,
  type HandshakeRequest,
  MAX_FOREIGN_PROOF_BYTES,
  notProven,
  type ProofInput,
  type ProofVerdict,
  type Question,
} from './handshake.js';
import { configText } from './request-parts.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const TOKEN_LENGTH = 48;
const ALL_EVENTS = 's3:ObjectCreated:*,s3:ObjectRemoved:*';
/** One spelling is Amazon's, the other stands in VK's documents; receivers may look for either. */
const HEADERS = {
  'content-type': 'application/json',
  'X-Amz-Sns-Message-Type': 'SubscriptionConfirmation',
  'x-amz-sns-messages-type': 'SubscriptionConfirmation',
};

/** VK Cloud (MCS) object storage: the receiver signs the time, the topic and its own URL with the token of the request. */
export const mcsS3Handshake = defineHandshake({
  name: 'mcs-s3',
  maxAnswerBytes: MAX_FOREIGN_PROOF_BYTES,
  needs: ['project', 'bucket'],
  newCode: () => Array.from({ length: TOKEN_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join(''),
  takes: (status) => status === 200,
  request,
  judge,
});

/** JSON without a space: the Go receiver looks for the text `"Type":"SubscriptionConfirmation"`. */
function request(question: Question): HandshakeRequest {
  const { Timestamp, TopicArn, Token } = signedParts(question);
  const body = {
    Timestamp,
    Type: 'SubscriptionConfirmation',
    Message: `You have chosen to subscribe to the topic ${TopicArn}. Answer with the signature to confirm it.`,
    TopicArn,
    SignatureVersion: 1,
    Token,
  };
  return { method: 'POST', url: question.url, headers: HEADERS, body: Buffer.from(JSON.stringify(body)) };
}

interface SignedParts {
  readonly Timestamp: string;
  readonly TopicArn: string;
  readonly Token: string;
}

function signedParts(question: Question): SignedParts {
  const { timestamp, code } = question.challenge;
  const events = question.config['events'];
  const names = Array.isArray(events) && events.length > 0 ? events.join(',') : ALL_EVENTS;
  const topic = [configText(question, 'project') ?? '', configText(question, 'bucket') ?? '', names];
  return {
    Timestamp: timestamp.toISOString().replace(/\.\d+Z$/, '+00:00'),
    TopicArn: topic.join('|'),
    Token: code,
  };
}

/** The proof for a URL: each level is the key of the next, and only the last one is hex. */
export function mcsSignature({ Timestamp, TopicArn, Token }: SignedParts, url: string): string {
  const level = (key: Buffer, message: string): Buffer => createHmac('sha256', key).update(message).digest();
  return level(level(level(Buffer.from(Token), Timestamp), TopicArn), url).toString('hex');
}

/**
 * The spellings of its own URL that a receiver may have signed. Those that build it from the Host header know
 * neither the query nor whether TLS ended in front of them.
 */
export function mcsUrlForms({
  registeredUrl,
  url,
}: Pick<Question, 'registeredUrl' | 'url'>): Map<string, string> {
  const normal = URL.canParse(registeredUrl) ? new URL(registeredUrl).href : url;
  const bare = normal.replace(/[?#].*$/s, '');
  return new Map([
    ['exact', registeredUrl],
    ['normal', normal],
    ['noquery', bare],
    ['http-noquery', bare.replace(/^https:/, 'http:')],
  ]);
}

function judge(input: ProofInput): ProofVerdict {
  const signature = jsonText(input.answer.body, 'signature');
  if (signature === null) return notProven('challenge_body', 'Answer with JSON: {"signature": "…"}.');
  const parts = signedParts(input);
  for (const [rule, url] of mcsUrlForms(input)) {
    if (isEqualConstantTime(signature.toLowerCase(), mcsSignature(parts, url))) {
      return { isProven: true, note: `It signed its URL as ${url} (${rule}).` };
    }
  }
  return notProven('challenge_signature', SIGNATURE_HINT);
}

const SIGNATURE_HINT =
  'The signature is not the expected one. Compute hex(H(H(H(Token, Timestamp), TopicArn), url)), where H(key, text) ' +
  'is the raw HMAC-SHA256 and url is the one you subscribed.';
