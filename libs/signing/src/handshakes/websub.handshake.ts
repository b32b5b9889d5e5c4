import { isEqualConstantTime } from '../constant-time.js';
import { defineHandshake, notProven, PROVEN, type Question } from './handshake.js';
import { configText, getRequest } from './request-parts.js';

const TEN_DAYS = '864000';

/**
 * WebSub, verification of intent: the callback repeats `hub.challenge`, to the letter. With the mode `denied` nothing is
 * asked: it is told that it gets nothing, or nothing more.
 */
export const websubHandshake = defineHandshake({
  name: 'websub',
  needs: ['topic'],
  request: (question) =>
    getRequest(question, {
      'hub.mode': modeOf(question),
      'hub.topic': configText(question, 'topic') ?? '',
      ...termsOf(question),
    }),
  judge: (input) => {
    const { answer, challenge } = input;
    if (modeOf(input) === 'denied') return PROVEN;
    return isEqualConstantTime(answer.body.toString('latin1'), challenge.code)
      ? PROVEN
      : notProven('challenge_body', 'Answer with the value of hub.challenge as the whole body.');
  },
});

function modeOf(question: Pick<Question, 'config'>): string {
  return configText(question, 'mode') ?? 'subscribe';
}

function termsOf(question: Question): Record<string, string> {
  const mode = modeOf(question);
  if (mode === 'denied') return { 'hub.reason': configText(question, 'reason') ?? '' };
  const challenge = { 'hub.challenge': question.challenge.code };
  if (mode === 'unsubscribe') return challenge;
  return { ...challenge, 'hub.lease_seconds': configText(question, 'lease') ?? TEN_DAYS };
}
