import { isEqualConstantTime } from '../constant-time.js';
import { defineHandshake, notProven, PROVEN } from './handshake.js';
import { configText, getRequest } from './request-parts.js';

const TEN_DAYS = '864000';

/** WebSub, verification of intent: the callback repeats `hub.challenge`, to the letter. */
export const websubHandshake = defineHandshake({
  name: 'websub',
  needs: ['topic'],
  request: (question) => {
    const mode = configText(question, 'mode') ?? 'subscribe';
    const seconds = configText(question, 'lease') ?? TEN_DAYS;
    const lease: Record<string, string> = mode === 'subscribe' ? { 'hub.lease_seconds': seconds } : {};
    return getRequest(question, {
      'hub.mode': mode,
      'hub.topic': configText(question, 'topic') ?? '',
      'hub.challenge': question.challenge.code,
      ...lease,
    });
  },
  judge: ({ answer, challenge }) =>
    isEqualConstantTime(answer.body.toString('latin1'), challenge.code)
      ? PROVEN
      : notProven('challenge_body', 'Answer with the value of hub.challenge as the whole body.'),
});
