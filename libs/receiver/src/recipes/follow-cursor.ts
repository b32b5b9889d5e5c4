import type { ReceivedEvent } from '../received-event.js';
import type { Work, WorkContext } from '../worker.js';

/** One page of an account's events. */
export interface Page {
  readonly objects: readonly unknown[];
  /** Where the next page begins; the same as before when there is nothing new. */
  readonly cursor: string;
}

/** Where an account was left. Its two ends may be a row of a table. */
export interface CursorStore {
  read(account: string): Promise<string | null>;
  write(account: string, cursor: string): Promise<void>;
}

export interface FollowOptions {
  readonly cursors: CursorStore;
  /** Asks for the page behind a cursor; null asks for the oldest one. */
  readonly fetchPage: (account: string, cursor: string | null, signal: AbortSignal) => Promise<Page>;
  /** Called for each object in order. It may be called again for the same one, after a crash. */
  readonly handle: (object: unknown, account: string) => unknown;
  readonly accountOf?: (event: ReceivedEvent) => string;
}

/**
 * Work for notifications that say only that something happened: fetches what happened, page by page, until there is
 * nothing new. The account must be the event's key (it is, for `kloudless`), so that one account is read by one worker.
 *
 * A fetch that began after a notification had come has seen what it announced, so a burst costs one fetch and not many.
 */
export function followCursor(options: FollowOptions): Work {
  const { accountOf = (event) => event.key } = options;
  const followedAt = new Map<string, Date>();
  return async (event, context) => {
    const account = accountOf(event);
    const last = followedAt.get(account);
    if (last !== undefined && event.receivedAt < last) return;
    await follow(account, options, context);
    // Put back at the end: what is first then was not heard of for longest.
    followedAt.delete(account);
    followedAt.set(account, context.claimedAt);
    const [stale] = followedAt.keys();
    if (followedAt.size > MAX_REMEMBERED && stale !== undefined) followedAt.delete(stale);
  };
}

const MAX_REMEMBERED = 10_000;

/** The cursor is kept after its page was handled: what a crash leaves half done is done again, and nothing is missed. */
async function follow(account: string, options: FollowOptions, { signal }: WorkContext): Promise<void> {
  const { cursors, fetchPage, handle } = options;
  let cursor = await cursors.read(account);
  for (;;) {
    signal.throwIfAborted();
    const page = await fetchPage(account, cursor, signal);
    for (const object of page.objects) await handle(object, account);
    if (page.cursor !== cursor) await cursors.write(account, page.cursor);
    if (page.objects.length === 0 || page.cursor === cursor) return;
    ({ cursor } = page);
  }
}
