import { type McsConfig, mcsEnvelope, objectKey, s3EventName } from '../envelopes/mcs-s3.envelope.js';
import { standardSecret } from '../secrets/standard-secret.js';
import { standardSigner } from '../signers/standard.signer.js';
import { ANY_TEXT, REQUIRED, someOf, text } from './config-rules.js';
import { defineProfile, type Wanted, type WantedEvent } from './profile.js';
import { SINGLE_THREADED, transport } from './transport.js';

const S3_EVENTS = [
  's3:ObjectCreated:*',
  's3:ObjectCreated:Put',
  's3:ObjectCreated:Copy',
  's3:ObjectCreated:CompleteMultipartUpload',
  's3:ObjectRemoved:*',
  's3:ObjectRemoved:Delete',
] as const;

/** What may be left out of a bucket's news. */
interface ObjectFilter {
  readonly prefix?: string;
  readonly suffix?: string;
  readonly events?: readonly string[];
}

const NAME = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/,
  must: 'a text of letters, digits, dots and dashes',
};

/** Notifications of a bucket at MCS, now VK Cloud. They have no signature of their own, so ours stands beside them. */
export const mcsS3Profile = defineProfile<McsConfig & ObjectFilter>({
  name: 'mcs-s3',
  says: 'bucket notifications of MCS (VK Cloud)',
  handshakes: ['mcs-s3', 'none'],
  defaultHandshake: 'mcs-s3',
  config: {
    project: text('the project, first part of the topic', NAME, REQUIRED),
    bucket: text('the bucket, second part of the topic', NAME, REQUIRED),
    configurationId: text('the id of the notification in records', NAME),
    prefix: text('only objects whose keys begin with it', ANY_TEXT),
    suffix: text('only objects whose keys end with it', ANY_TEXT),
    events: someOf('only these changes; all if left out', S3_EVENTS),
  },
  signers: [standardSigner],
  hasStandardSigner: true,
  envelope: ({ config, subscriptionId }) => mcsEnvelope(config, subscriptionId),
  transport: transport({ maxInFlight: SINGLE_THREADED }),
  wants: objectsOf,
  secret: standardSecret,
  isEnvelopeFixed: true,
});

function objectsOf({ prefix = '', suffix = '', events = [] }: ObjectFilter): Wanted {
  if (prefix === '' && suffix === '' && events.length === 0) return null;
  return (event) => {
    const key = objectKey(event.type, subjectIn(event));
    return key.startsWith(prefix) && key.endsWith(suffix) && isOneOf(events, s3EventName(event));
  };
}

/** `s3:ObjectCreated:*` stands for all that create. */
function isOneOf(events: readonly string[], name: string): boolean {
  return (
    events.length === 0 ||
    events.some((event) => event === name || (event.endsWith('*') && name.startsWith(event.slice(0, -1))))
  );
}

function subjectIn({ subject, data }: WantedEvent): string {
  if (subject !== undefined) return subject;
  const id: unknown = typeof data === 'object' && data !== null && 'id' in data ? data.id : undefined;
  return typeof id === 'string' ? id : '';
}
