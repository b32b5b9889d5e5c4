import { asanaHandshake } from './asana.handshake.js';
import { cloudEventsHandshake } from './cloudevents.handshake.js';
import { discordHandshake } from './discord.handshake.js';
import { dropboxHandshake } from './dropbox.handshake.js';
import { echoHandshake } from './echo.handshake.js';
import { githubHandshake } from './github.handshake.js';
import {
  type Handshake,
  type HandshakeName,
  notProven,
  type ProofInput,
  type ProofVerdict,
} from './handshake.js';
import { hmacHandshake } from './hmac.handshake.js';
import { kloudlessHandshake } from './kloudless.handshake.js';
import { mcsS3Handshake } from './mcs-s3.handshake.js';
import { metaHandshake } from './meta.handshake.js';
import { msgraphHandshake } from './msgraph.handshake.js';
import { noneHandshake } from './none.handshake.js';
import { oktaHandshake } from './okta.handshake.js';
import { pingHandshake } from './ping.handshake.js';
import { preservicaHandshake } from './preservica.handshake.js';
import { slackHandshake } from './slack.handshake.js';
import { smartsheetHandshake } from './smartsheet.handshake.js';
import { trelloHandshake } from './trello.handshake.js';
import { twitchHandshake } from './twitch.handshake.js';
import { twitterHandshake } from './twitter.handshake.js';
import { websubHandshake } from './websub.handshake.js';
import { zoomHandshake } from './zoom.handshake.js';

const HANDSHAKES: Readonly<Record<HandshakeName, Handshake>> = {
  hmac: hmacHandshake,
  echo: echoHandshake,
  ping: pingHandshake,
  none: noneHandshake,
  preservica: preservicaHandshake,
  kloudless: kloudlessHandshake,
  'mcs-s3': mcsS3Handshake,
  github: githubHandshake,
  slack: slackHandshake,
  cloudevents: cloudEventsHandshake,
  websub: websubHandshake,
  meta: metaHandshake,
  twitter: twitterHandshake,
  zoom: zoomHandshake,
  dropbox: dropboxHandshake,
  msgraph: msgraphHandshake,
  smartsheet: smartsheetHandshake,
  asana: asanaHandshake,
  okta: oktaHandshake,
  twitch: twitchHandshake,
  trello: trelloHandshake,
  discord: discordHandshake,
};

export function handshakeNamed(name: HandshakeName): Handshake {
  return HANDSHAKES[name];
}

/** Whether an answer proves what the handshake asks for: first its status, then its size, then what it says. */
export function judgeAnswer(handshake: Handshake, input: ProofInput): ProofVerdict {
  const { status, body, isTruncated } = input.answer;
  if (!handshake.takes(status)) return notProven('challenge_status', statusHint(status));
  const isTooLarge = isTruncated || body.length > handshake.maxAnswerBytes;
  if (!handshake.readsBody || !isTooLarge) return handshake.judge(input);
  const hint = `The answer is longer than ${handshake.maxAnswerBytes} bytes. Answer with the proof alone.`;
  return notProven('challenge_too_large', hint);
}

function statusHint(status: number): string {
  if (status >= 300 && status < 400)
    return 'Redirects are not followed. Subscribe the URL that answers itself.';
  if (status === 401 || status === 403) {
    return 'The receiver refused the request. Let the challenge in, or set the headers that the receiver wants.';
  }
  if (status === 404 || status === 410)
    return 'Nothing lives at this path. Check the URL, and that it takes the challenge.';
  if (status === 405) return 'This path does not take the method of the challenge. Check the URL.';
  return status >= 200 && status < 300
    ? 'Answer the challenge with status 200.'
    : 'Answer the challenge with a status between 200 and 299.';
}
