import { type BeforeApplicationShutdown, Injectable, type MessageEvent } from '@nestjs/common';
import { EMPTY, interval, map, merge, Observable, of, share, Subject, takeUntil } from 'rxjs';
import { AppError } from '#libs/kernel';

/** Proxies and browsers drop a connection that stays silent for long. */
const HEARTBEAT_MS = 15_000;
/** Each open page holds a socket; beyond this a page does without, it can be reloaded. */
const MAX_STREAMS = 1000;

/** Server-sent events to all open pages of one process. */
@Injectable()
export class LiveFeed implements BeforeApplicationShutdown {
  private readonly messages = new Subject<MessageEvent>();
  private readonly heartbeats = interval(HEARTBEAT_MS).pipe(
    map((): MessageEvent => ({ comment: 'still here' })),
    share(),
  );
  private readonly closing = new Subject<void>();
  private isClosed = false;
  private streams = 0;

  get hasListeners(): boolean {
    return this.messages.observed;
  }

  send(message: MessageEvent): void {
    this.messages.next(message);
  }

  /** One page's stream: first what it missed, and everything sent from now on. Ends when the server stops. */
  stream(missed: Observable<MessageEvent> = EMPTY): Observable<MessageEvent> {
    if (this.isClosed) return EMPTY;
    if (this.streams >= MAX_STREAMS) {
      throw new AppError(
        'unavailable',
        'too_many_streams',
        'Too many pages are open; reload to see what is new.',
        {
          retryAfterSeconds: 60,
        },
      );
    }
    // The comment sends the headers at once, so that the browser knows it is connected.
    const opened = of<MessageEvent>({ comment: 'connected' });
    const all = merge(opened, this.messages, missed, this.heartbeats).pipe(takeUntil(this.closing));
    return counted(all, (step) => (this.streams += step));
  }

  /** Open streams would keep the server from ever finishing its stop. */
  beforeApplicationShutdown(): void {
    this.isClosed = true;
    this.closing.next();
  }
}

function counted<T>(source: Observable<T>, count: (step: number) => void): Observable<T> {
  return new Observable<T>((subscriber) => {
    count(1);
    const subscription = source.subscribe(subscriber);
    return () => {
      count(-1);
      subscription.unsubscribe();
    };
  });
}
