import { createHmac } from 'node:crypto';
import { type JsonObject, membersOf, parsedJson, textOf } from '../json.js';
import { digestOf, newEvent } from '../received-event.js';
import { type IncomingRequest, emptyAnswer, jsonAnswer } from '../request.js';
import { answered, badSignature, brought, type Reading, refused, type Sender } from '../sender.js';
import { type StandardKeys, StandardVerifier } from '../verify/standard.js';
import { badChallenge } from './echo.js';

export interface McsS3Options {
  /** The URL as it was registered; the confirmation is a signature over it. */
  readonly url: string;
  /** `project|bucket` of which confirmations are answered; whoever asks for another is refused. */
  readonly topics: readonly string[];
  /** The protocol itself signs nothing, so notifications are verified by the headers that Bellhop adds. */
  readonly signedBy: StandardKeys | 'nobody';
}

/** Object storage notifications: records of objects that were put or removed. */
export function mcsS3({ url, topics, signedBy }: McsS3Options): Sender {
  const verifier = signedBy === 'nobody' ? null : new StandardVerifier(signedBy);
  return {
    name: 'mcs-s3',
    read: (request, now) => {
      const content = membersOf(parsedJson(request.body));
      if (content['Type'] === 'SubscriptionConfirmation') return confirm(content, { url, topics });
      const proof = verifier?.proof(request, now);
      if (proof === null) return badSignature();
      return recordsOf(request, proof?.id ?? digestOf(request.body), content);
    },
  };
}

/** The token is the asker's own, so the answer is no signature of ours; it only says that we want this topic. */
function confirm(content: JsonObject, { url, topics }: Pick<McsS3Options, 'url' | 'topics'>): Reading {
  const [time, topic, token] = ['Timestamp', 'TopicArn', 'Token'].map((name) => textOf(content, name));
  if (time === undefined || topic === undefined || !token) return badChallenge();
  if (!topics.includes(topic.split('|').slice(0, 2).join('|'))) {
    return refused('This receiver does not want this topic.', 403);
  }
  const signature = mac(mac(mac(Buffer.from(token), time), topic), url);
  return answered(jsonAnswer({ signature: signature.toString('hex') }));
}

function mac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** One event for each record, with the object as its key: what happens to one object is worked on in turn. */
function recordsOf({ body }: IncomingRequest, id: string, content: JsonObject): Reading {
  const records = content['Records'];
  if (!Array.isArray(records)) return refused('The body has no Records.', 400);
  const events = records.map((record: unknown, place) => {
    const s3 = membersOf(membersOf(record)['s3']);
    const object = `${textOf(s3['bucket'], 'name') ?? ''}/${textOf(s3['object'], 'key') ?? ''}`;
    const isOnly = records.length === 1;
    const payload = isOnly ? body : Buffer.from(JSON.stringify({ Records: [record] }));
    const type = textOf(record, 'eventName') ?? '';
    return newEvent({ id: isOnly ? id : `${id}#${place}`, type, key: object, payload });
  });
  return brought(events, emptyAnswer(200));
}
