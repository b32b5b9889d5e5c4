import { randomUUID } from 'node:crypto';
import { newEvent } from '../received-event.js';
import { emptyAnswer, headerOf, queryOf } from '../request.js';
import { answered, badSignature, brought, type Reading, refused, type Sender } from '../sender.js';
import { signingKey } from '../verify/hmac.js';
import { badChallenge, echo } from './echo.js';
import { keysOf } from './secrets.js';

export interface WebSubOptions {
  readonly secrets: readonly string[];
  /** The topics that this callback has asked for; a hub that speaks of another is refused. */
  readonly topics: readonly string[];
}

const SIGNATURE = /^(sha256|sha384|sha512)=([0-9a-f]+)$/;

/** A WebSub callback: consents to its own topics, and takes content that is signed with SHA-256 or longer. */
export function websub({ secrets, topics }: WebSubOptions): Sender {
  const keys = keysOf(secrets);
  return {
    name: 'websub',
    read: (request) => {
      if (request.method === 'GET') return consent(queryOf(request), topics);
      const [, algorithm, given = ''] = SIGNATURE.exec(headerOf(request, 'x-hub-signature') ?? '') ?? [];
      const question = { given, parts: [request.body], keys, encoding: 'hex' as const };
      if (!isKnown(algorithm) || !signingKey({ ...question, algorithm })) return badSignature();
      // A topic may return to what it was, so equal content is no repetition; a hub's own id is.
      const id = headerOf(request, 'webhook-id') ?? randomUUID();
      return brought([newEvent({ id, type: 'topic.changed', key: topics[0] ?? id, payload: request.body })]);
    },
  };
}

function isKnown(name: string | undefined): name is 'sha256' | 'sha384' | 'sha512' {
  return name !== undefined;
}

function consent(query: URLSearchParams, topics: readonly string[]): Reading {
  const [mode, topic, code] = ['hub.mode', 'hub.topic', 'hub.challenge'].map((name) => query.get(name));
  if (topic === null || topic === undefined || !topics.includes(topic)) {
    return refused('This callback has not asked for this topic.', 404);
  }
  if (mode === 'denied') return answered(emptyAnswer(204));
  return (mode === 'subscribe' || mode === 'unsubscribe') && code ? echo(code) : badChallenge();
}
