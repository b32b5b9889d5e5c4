import { challengeResponse } from '#libs/signing';
import { membersOf, parsedJson, textOf } from '../json.js';
import { jsonAnswer } from '../request.js';
import { answered, type Reading } from '../sender.js';
import { badChallenge, isProvable } from './echo.js';

/** What a body asks that is no event: Bellhop's own challenge; undefined for any other body. */
export function ownChallenge(body: Buffer): unknown {
  const content = parsedJson(body);
  return textOf(content, 'type') === 'webhook.challenge' ? (membersOf(content)['data'] ?? null) : undefined;
}

/** The answer to a challenge whose signature was right: the code, and with a shared key the proof. */
export function answerOwn(data: unknown, key: Buffer | null): Reading {
  const [subscription, challenge] = [textOf(data, 'subscription_id'), textOf(data, 'challenge')];
  if (subscription === undefined || !isProvable(challenge)) return badChallenge();
  const proof = key === null ? {} : { response: challengeResponse(key, subscription, challenge) };
  return answered(jsonAnswer({ challenge, ...proof }));
}
