import type { NewEvent, ReceivedEvent } from '../received-event.js';

/** `new`: kept now. `unfinished`, `finished`: a repetition. `full`: not kept, the sender should come back. */
export type Kept = 'new' | 'unfinished' | 'finished' | 'full';

/** An event in one worker's hands. */
export interface Claim {
  readonly event: ReceivedEvent;
  /** 1 for the first try. Also says whose claim it is, once another worker took the event over. */
  readonly attempt: number;
  /** By the clock that `receivedAt` is from: what was received before it had come before this work begins. */
  readonly claimedAt: Date;
}

export interface ClaimWish {
  /** After this the claim counts as abandoned, unless it is extended. */
  readonly leaseMs: number;
  /** This event and no other. */
  readonly id?: string;
}

export interface Setback {
  readonly reason: string;
  /** Null: given up; the event is finished with its reason. */
  readonly retryAfterMs: number | null;
}

/**
 * What was received, and how far the work on it is. It recognises repetitions, and hands out work: an event is in
 * one worker's hands at a time, and so is each key; the events of one key come in the order in which they were kept.
 */
export interface EventStore {
  /** Whether what was kept is still there after a crash. */
  readonly isDurable: boolean;
  keep(event: NewEvent): Promise<Kept>;
  claim(wish: ClaimWish): Promise<Claim | null>;
  /** Prolongs a claim; false if it belongs to somebody else by now. */
  extend(claim: Claim, leaseMs: number): Promise<boolean>;
  finish(claim: Claim): Promise<void>;
  setBack(claim: Claim, setback: Setback): Promise<void>;
  /** Forgets an unfinished event that is in nobody's hands, as if it had never come. */
  drop(id: string): Promise<void>;
  /** How many events wait or are worked on. */
  countUnfinished(): Promise<number>;
}
