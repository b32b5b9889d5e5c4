import { createHash } from 'node:crypto';
import type { BellhopEvent } from '#libs/events';
import { type Envelope, type EventHead, JSON_TYPE } from './envelope.js';
import { compactJson, isRemoval, subjectOf, thingOf } from './json.js';

export interface McsConfig {
  readonly project: string;
  readonly bucket: string;
  readonly configurationId?: string;
}

/** The record of a change in a bucket: what an event is about is an object, and its data the object's bytes. */
export function mcsEnvelope(config: McsConfig, subscriptionId: string): Envelope {
  return {
    contentType: JSON_TYPE,
    headers: () => ({ 'X-Amz-Sns-Message-Type': 'Notification' }),
    body: (event) => compactJson({ Records: [recordOf(event, config, subscriptionId)] }),
  };
}

/** The key of the object that something is: `entries/<id>.json`. */
export function objectKey(type: string, subject: string): string {
  const thing = thingOf(type);
  const folder = thing.endsWith('y') ? `${thing.slice(0, -1)}ies` : `${thing}s`;
  return `${folder}/${subject}.json`;
}

export function s3EventName({ type }: Pick<EventHead, 'type'>): string {
  return isRemoval(type) ? 's3:ObjectRemoved:Delete' : 's3:ObjectCreated:Put';
}

function recordOf(event: BellhopEvent, config: McsConfig, subscriptionId: string): object {
  const owner = { principalId: config.project };
  return {
    s3: {
      object: {
        eTag: createHash('md5').update(event.data).digest('hex'),
        sequencer: sequencerOf(event),
        key: objectKey(event.type, subjectOf(event)),
        size: event.data.length,
      },
      configurationId: config.configurationId ?? subscriptionId,
      bucket: { name: config.bucket, ownerIdentity: owner },
      s3SchemaVersion: '1.0',
    },
    eventVersion: '1.0',
    requestParameters: { sourceIPAddress: '0.0.0.0' },
    userIdentity: owner,
    eventName: s3EventName(event),
    awsRegion: 'bellhop',
    eventSource: 'aws:s3',
    responseElements: { 'x-amz-request-id': event.id.replaceAll('-', '').slice(-8).toUpperCase() },
  };
}

/** A number that grows with time: milliseconds, and ten bits of the id within each; receivers refuse a text here. */
function sequencerOf({ id, timestamp }: EventHead): number {
  return timestamp.getTime() * 1024 + (Number.parseInt(id.slice(15, 18), 16) & 1023);
}
