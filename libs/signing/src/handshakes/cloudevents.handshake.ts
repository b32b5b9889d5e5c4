import {
  defineHandshake,
  type HandshakeRequest,
  notProven,
  type NotProven,
  type ProofInput,
  type ProofVerdict,
  type Question,
} from './handshake.js';
import { configText, NO_BODY } from './request-parts.js';

const MAX_RATE = 600_000;

/**
 * CloudEvents: OPTIONS that asks for permission; the answer's headers alone are the consent, whatever its status. A
 * receiver may also consent later, at the callback.
 */
export const cloudEventsHandshake = defineHandshake({
  name: 'cloudevents',
  readsBody: false,
  takes: (status) => status < 300 || status > 399,
  request,
  judge,
});

function request(question: Question): HandshakeRequest {
  const { url, callbackUrl } = question;
  const rate = askedRate(question);
  const headers = {
    'WebHook-Request-Origin': originOf(question),
    ...(rate !== null && { 'WebHook-Request-Rate': rate }),
    ...(callbackUrl !== null && { 'WebHook-Request-Callback': callbackUrl }),
  };
  return { method: 'OPTIONS', url, headers, body: NO_BODY };
}

/** The sender's name; deliveries carry the same. */
export function originOf(question: Pick<Question, 'config' | 'origin'>): string {
  return configText(question, 'origin') ?? question.origin;
}

function askedRate(question: Question): string | null {
  const rate = configText(question, 'rate');
  return rate !== null && /^[1-9]\d*$/.test(rate) ? rate : null;
}

function judge(input: ProofInput): ProofVerdict {
  const { 'webhook-allowed-origin': origin, 'webhook-allowed-rate': rate } = input.answer.headers;
  if (origin === undefined) return withheld(input);
  if (origin !== '*' && origin.toLowerCase() !== originOf(input).toLowerCase()) {
    return notProven(
      'challenge_consent',
      'WebHook-Allowed-Origin names another sender. Answer with our name or *.',
    );
  }
  if (rate === undefined && askedRate(input) === null) return { isProven: true };
  return consentOf(rate);
}

/** What a rate says, as the answer to OPTIONS or at the callback. */
export function consentOf(rate: string | undefined): ProofVerdict {
  if (rate === '*') return { isProven: true };
  if (rate !== undefined && /^[1-9]\d{0,8}$/.test(rate)) {
    const allowedPerMinute = Math.min(Number(rate), MAX_RATE);
    return { isProven: true, note: `It allows ${rate} requests a minute.`, allowedPerMinute };
  }
  const hint = 'Answer with WebHook-Allowed-Rate: the requests that you allow per minute, or *.';
  return notProven('challenge_consent', hint);
}

function withheld({ callbackUrl }: ProofInput): NotProven {
  const refusal = notProven(
    'challenge_consent',
    'Answer OPTIONS with WebHook-Allowed-Origin: the name in WebHook-Request-Origin, or *. A status alone is no consent.',
  );
  return callbackUrl === null ? refusal : { ...refusal, isAwaited: true };
}
