import { isEqualConstantTime } from '../constant-time.js';
import { trimmedText } from './answer-body.js';
import { defineHandshake, notProven, PROVEN } from './handshake.js';
import { signedJson, subscriptionOf } from './request-parts.js';

/** Twitch EventSub: a signed POST with the code, which the body repeats as it is. */
export const twitchHandshake = defineHandshake({
  name: 'twitch',
  request: (question) => {
    const { code, timestamp } = question.challenge;
    const subscription = {
      id: subscriptionOf(question).uuid,
      status: 'webhook_callback_verification_pending',
      version: '1',
      cost: 0,
      condition: {},
      transport: { method: 'webhook', callback: question.url },
      created_at: timestamp.toISOString(),
    };
    return signedJson(
      question,
      { challenge: code, subscription },
      { 'Twitch-Eventsub-Message-Type': 'webhook_callback_verification' },
    );
  },
  judge: ({ answer, challenge }) =>
    isEqualConstantTime(trimmedText(answer.body), challenge.code)
      ? PROVEN
      : notProven('challenge_body', 'Answer with the challenge of the body as the whole text.'),
});
