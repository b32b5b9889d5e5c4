/** An answer that was not 2xx. */
export interface BadAnswer {
  readonly status: number;
  readonly contentType: string;
  /** Of its `Retry-After`. */
  readonly retryAfterSeconds: number | null;
  readonly tookMs: number;
}

/** What the publishers know of their events; the oracle holds everything else against it. */
export class Book {
  /** Answered with 2xx, or committed: these may never be lost. By the event's UUID. */
  readonly accepted = new Map<string, string>();
  /** No answer came: they may be there or not, and count once they are. */
  readonly unknown = new Map<string, string>();
  /** Refused, or rolled back: nobody may ever get them. */
  readonly refused = new Map<string, string>();
  /** Answers that were not 2xx, by status. */
  readonly refusals = new Map<number, number>();
  readonly badAnswers: BadAnswer[] = [];
  /** Requests to which no answer came at all. */
  unanswered = 0;

  accept(id: string, type: string): void {
    this.unknown.delete(id);
    this.accepted.set(id, type);
  }

  lose(id: string, type: string): void {
    if (!this.accepted.has(id)) this.unknown.set(id, type);
  }

  /** With a 5xx nobody knows: the answer to a commit may have been lost on the way. */
  refuse(id: string, type: string, status = 0): void {
    if (status >= 500) this.lose(id, type);
    else this.refused.set(id, type);
    this.refusals.set(status, (this.refusals.get(status) ?? 0) + 1);
  }
}
