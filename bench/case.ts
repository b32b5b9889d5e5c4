import type { FigureKey, Mode } from './bars.js';

/**
 * One question to the platform, apart from the interleaved rounds. A case runs once in each of its modes, with the
 * machine for itself; what it started is stopped for it.
 */
export interface BenchCase {
  /** Of `--only`. */
  readonly name: string;
  readonly title: string;
  readonly modes: readonly Mode[];
  /** Rows of `FIGURES` that it fills. */
  readonly figures: readonly FigureKey[];
  /** Part of `--quick`, where it has five seconds or so; else left out there unless it is named. */
  readonly isQuick?: boolean;
  run(context: BenchContext): Promise<CaseResult>;
}

export interface CaseResult {
  /** One value for each time it was measured; the report shows the median and the extremes. */
  readonly figures: Readonly<Partial<Record<FigureKey, readonly number[]>>>;
  /** What was accepted and what became of it, if the case counts it: `lost` fails the run. */
  readonly counts?: Counts;
  /** Anything else worth keeping; goes to the JSON as it is. */
  readonly detail?: unknown;
}

/** Deliveries. `lost` and `withoutAttempt` must be 0. */
export interface Counts {
  /** Events accepted times the subscriptions that want them. */
  readonly expected: number;
  /** Distinct ones that arrived and were answered with 2xx. */
  readonly delivered: number;
  readonly duplicates: number;
  readonly lost: number;
  /** Delivered by the database's word, without a row of an attempt. */
  readonly withoutAttempt: number;
}

export interface BenchContext {
  readonly mode: Mode;
  readonly isQuick: boolean;
  /** A duration for a full run, made shorter as the options ask. */
  duration(ms: number): number;
  /** A line of progress. */
  note(line: string): void;
  readonly sink: Sink;
  readonly load: Load;
  /** A platform on a database of its own, migrated and empty; it does not run before `start`. */
  createPlatform(options?: PlatformOptions): Promise<Platform>;
}

export interface PlatformOptions {
  /** Settings beside the defaults. */
  readonly env?: Readonly<Record<string, string>>;
  /** Measures stalls of the event loop in each process, for `Platform.stalls`. */
  readonly watchStalls?: boolean;
}

export type Role = 'standalone' | 'api' | 'dispatcher';
/** Whose CPU is counted apart; PostgreSQL and RabbitMQ with everything that they start. */
export type Component = Role | 'postgres' | 'rabbitmq' | 'sink' | 'generator';

export interface Platform {
  readonly mode: Mode;
  /** Of the API. */
  readonly url: string;
  /** An admin key of the API, valid for the tenant `ten_…` that everything belongs to. */
  readonly key: string;
  readonly databaseUrl: string;
  /** Runs its processes and waits until they are ready; PostgreSQL and RabbitMQ run already. */
  start(): Promise<void>;
  /** Stops its processes as SIGTERM does; the data stays for the next `start`. */
  stop(): Promise<void>;
  /** Calls the API with JSON; throws on a status of 400 or above, except 409. */
  api<T>(method: string, path: string, body?: object): Promise<T>;
  /** Makes the event types and subscribes, without a challenge. Gives the subscriptions' ids. */
  subscribe(subscriptions: readonly SubscriptionPlan[]): Promise<string[]>;
  /** SQL in its database, whether it runs or not. */
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Main processes that run now. */
  pids(): Readonly<Partial<Record<Role, number>>>;
  /** CPU seconds that each component used since it began, its children included. */
  cpu(): CpuSeconds;
  /** Resident megabytes of each process: now, and the highest since its start. */
  memory(): Readonly<Partial<Record<Role, { readonly nowMb: number; readonly peakMb: number }>>>;
  /** Longest stall of each process's event loop in milliseconds since the last call; needs `watchStalls`. */
  stalls(): Promise<Readonly<Partial<Record<Role, number>>>>;
}

export type CpuSeconds = Readonly<Partial<Record<Component, number>>>;

export interface SubscriptionPlan {
  readonly url: string;
  readonly eventTypes: readonly string[];
  /** Further fields of `POST /v1/subscriptions`, e.g. `{ timeoutMs: 15_000 }`. */
  readonly fields?: object;
}

/** The receiver, a process of its own. */
export interface Sink {
  /** Events that are counted carry it in their mark. */
  readonly run: number;
  /**
   * URL of endpoint number `n`. What it does: `ok` answers 204, `slow/20` after 20 ms, `hang` never, `error/503` with
   * that status, `flaky/0.1` with 500 at that share, `reset` cuts the connection. Endpoints of one group are counted
   * together.
   */
  endpoint(behaviour: string, group: string, n: number): string;
  /** Forgets everything; events that were published before do not count any more. */
  reset(): Promise<void>;
  stats(): Promise<SinkStats>;
  /** Waits until so many distinct events were answered with 2xx (one for each endpoint counts), at most so long. */
  delivered(count: number, timeoutMs: number): Promise<SinkStats>;
}

export interface SinkStats extends GroupStats {
  readonly groups: Readonly<Record<string, GroupStats>>;
}

export interface GroupStats {
  /** All requests. */
  readonly requests: number;
  /** Distinct events answered with 2xx, counted at each endpoint. */
  readonly delivered: number;
  /** Answered with 2xx again. */
  readonly duplicates: number;
  /** From the intended time of publishing to the first arrival at the endpoint. */
  readonly latency: Percentiles;
}

/** Milliseconds. */
export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** The publisher, a process of its own. */
export interface Load {
  /**
   * Open loop, one POST /v1/events for each event: event k is due at start + k / rate, carries that time, and goes out
   * then whatever became of the others. Types take turns. Resolves when all have their answer.
   */
  paced(target: LoadTarget, pace: { readonly perSecond: number; readonly ms: number }): Promise<LoadResult>;
  /** Closed loop, batches of 100 with `POST /v1/events/batch`, as many as the window lets through, until it is ended. */
  saturate(target: LoadTarget, window: LoadWindow): Promise<{ end(): Promise<LoadResult> }>;
}

export interface LoadTarget {
  readonly platform: Pick<Platform, 'url' | 'key'>;
  /** Event types that the platform knows. */
  readonly types: readonly string[];
  /** Size of the body of a delivery, roughly; 512 unless told. */
  readonly bytes?: number;
}

export interface LoadWindow {
  /** Deliveries of one event; 0 counts an event as done when it is accepted. */
  readonly fanOut: number;
  /** Accepted or under way, and not yet delivered; 8,000 unless told. */
  readonly outstanding?: number;
  /** Requests at once; 8 unless told. */
  readonly connections?: number;
  /** Events of one request; 100 unless told. */
  readonly batch?: number;
}

export interface LoadResult {
  readonly offered: number;
  readonly accepted: number;
  readonly refused: number;
  readonly seconds: number;
  /** How late the events went out, of an open loop: the generator's own share of the latency. */
  readonly lag: Percentiles;
}
