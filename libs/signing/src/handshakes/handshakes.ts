import { echoHandshake } from './echo.handshake.js';
import {
  type Handshake,
  type HandshakeName,
  notProven,
  type ProofInput,
  type ProofVerdict,
} from './handshake.js';
import { hmacHandshake } from './hmac.handshake.js';
import { noneHandshake } from './none.handshake.js';
import { pingHandshake } from './ping.handshake.js';

const HANDSHAKES: Readonly<Record<HandshakeName, Handshake>> = {
  hmac: hmacHandshake,
  echo: echoHandshake,
  ping: pingHandshake,
  none: noneHandshake,
};

export function handshakeNamed(name: HandshakeName): Handshake {
  return HANDSHAKES[name];
}

/** Whether an answer proves what the handshake asks for: first its status (2xx), then its body. */
export function judgeAnswer(handshake: Handshake, input: ProofInput): ProofVerdict {
  const { status } = input.answer;
  if (status < 200 || status > 299) return notProven('challenge_status', statusHint(status));
  return handshake.judge(input);
}

function statusHint(status: number): string {
  if (status >= 300 && status < 400)
    return 'Redirects are not followed. Subscribe the URL that answers itself.';
  if (status === 401 || status === 403) {
    return 'The receiver refused the request. Let requests of type webhook.challenge in, or set the headers it wants.';
  }
  if (status === 404 || status === 410)
    return 'Nothing lives at this path. Check the URL, and that it takes POST.';
  if (status === 405) return 'This path does not take POST. Check the URL.';
  return 'Answer a request of type webhook.challenge with a status between 200 and 299.';
}
