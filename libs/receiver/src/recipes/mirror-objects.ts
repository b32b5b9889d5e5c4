import { membersOf, textOf } from '../json.js';
import { contentOf } from '../received-event.js';
import type { Work } from '../worker.js';

/** Where objects come from; what is not there any more is null. */
export interface ObjectSource {
  get(bucket: string, key: string, signal: AbortSignal): Promise<Buffer | null>;
}

/** Where they go. Both must bear being called twice. */
export interface ObjectTarget {
  put(bucket: string, key: string, content: Buffer): Promise<void>;
  remove(bucket: string, key: string): Promise<void>;
}

export interface MirrorOptions {
  readonly source: ObjectSource;
  readonly target: ObjectTarget;
}

interface Change {
  readonly bucket: string;
  readonly key: string;
}

/**
 * Work that copies created objects to a target and removes removed ones there. A record is a hint and no order: it
 * looks at the source as it is now, so that late, repeated and out-of-order records all lead to the same mirror.
 */
export function mirrorObjects({ source, target }: MirrorOptions): Work {
  return async (event, { signal }) => {
    const { Records: records } = membersOf(contentOf(event));
    for (const record of Array.isArray(records) ? (records as unknown[]) : []) {
      const change = changeOf(record);
      if (change) await mirror(change, { source, target }, signal);
    }
  };
}

async function mirror(change: Change, { source, target }: MirrorOptions, signal: AbortSignal): Promise<void> {
  const { bucket, key } = change;
  const content = await source.get(bucket, key, signal);
  if (content === null) await target.remove(bucket, key);
  else await target.put(bucket, key, content);
}

/** Null for records of anything else than objects that came or went. */
function changeOf(record: unknown): Change | null {
  const s3 = membersOf(membersOf(record)['s3']);
  const [bucket, key] = [textOf(s3['bucket'], 'name'), textOf(s3['object'], 'key')];
  const name = textOf(record, 'eventName') ?? '';
  return bucket && key && /Object(?:Created|Removed)/.test(name) ? { bucket, key } : null;
}
