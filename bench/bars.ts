/** How the platform runs: all in one process, or API and dispatcher as processes with RabbitMQ between them. */
export type Mode = 'embedded' | 'full';

export const MODE_TITLES: Readonly<Record<Mode, string>> = {
  embedded: 'one process + PostgreSQL',
  full: 'RabbitMQ + PostgreSQL',
};

/** `bar` must be met, `reach` would be good; null where the figure is only shown. */
export interface Bar {
  readonly bar: number | null;
  readonly reach: number | null;
}

export interface Figure {
  readonly title: string;
  readonly unit: '×' | '%' | 'µs' | 'ms' | 's' | 'MB';
  readonly better: 'higher' | 'lower';
  /** A figure is shown in the modes that are named here. */
  readonly bars: Readonly<Partial<Record<Mode, Bar>>>;
}

const SHOWN: Bar = { bar: null, reach: null };
const inBoth = (bar: number, reach: number | null = null): Figure['bars'] => ({
  embedded: { bar, reach },
  full: { bar, reach },
});
const shownInBoth: Figure['bars'] = { embedded: SHOWN, full: SHOWN };

const higher = (title: string, unit: Figure['unit'], bars: Figure['bars']): Figure => ({
  title,
  unit,
  better: 'higher',
  bars,
});
const lower = (title: string, unit: Figure['unit'], bars: Figure['bars']): Figure => ({
  title,
  unit,
  better: 'lower',
  bars,
});

/** Every figure of the benchmark, in the order of the table. `×` means: times the bare sender of the same round. */
export const FIGURES = {
  ratioFanOut1: higher('fan-out 1, over the bare sender', '×', {
    embedded: { bar: 0.5, reach: 0.6 },
    full: { bar: 0.4, reach: 0.5 },
  }),
  ratioFanOut10: higher('fan-out 10, over the bare sender', '×', {
    embedded: SHOWN,
    full: { bar: 0.5, reach: 0.6 },
  }),
  overNaive: higher('fan-out 1, over the naive pipeline', '×', inBoth(12)),
  cpuFanOut1: lower('CPU per delivery, fan-out 1', 'µs', {
    embedded: { bar: 80, reach: 60 },
    full: { bar: 110, reach: 90 },
  }),
  cpuFanOut10: lower('CPU per delivery, fan-out 10', 'µs', shownInBoth),
  ingestRatio: higher('events accepted in batches of 100, over the bare sender', '×', inBoth(0.9, 1.5)),
  p50At200: lower('publish → arrival at 200/s, p50', 'ms', inBoth(4, 2)),
  p99At200: lower('publish → arrival at 200/s, p99', 'ms', inBoth(20, 8)),
  p50At2000: lower('publish → arrival at 2,000/s, p50', 'ms', inBoth(8, 3)),
  p99At2000: lower('publish → arrival at 2,000/s, p99', 'ms', inBoth(40, 12)),
  isolationDelivered: higher('10 of 100 endpoints hang: healthy delivered of offered', '%', inBoth(99, 100)),
  isolationP99: lower('10 of 100 endpoints hang: healthy p99', 'ms', inBoth(15, 5)),
  backlogNeighbours: lower(
    'one endpoint with 50,000 due: p99 of the others, over without it',
    '×',
    inBoth(2, 1.2),
  ),
  coldFirstPost: lower('1,000,000 pending: start to first POST', 's', inBoth(5, 2)),
  coldMemory: lower('1,000,000 pending: largest process', 'MB', inBoth(300, 200)),
  coldClaimP99: lower('1,000,000 pending: claim p99', 'ms', inBoth(20)),
  coldDrain: higher('1,000,000 pending: drain, of the steady rate', '%', inBoth(80)),
  matchMicros: lower('10,000 subscriptions, one matches: match per event', 'µs', inBoth(5, 1)),
  historyPageP95: lower('10,000,000 attempts: list and search pages p95', 'ms', inBoth(50, 5)),
  retentionMs: lower('10,000,000 attempts: retention of a day', 'ms', inBoth(100, 5)),
  payloadStall: lower('256 KiB payloads: longest event loop stall', 'ms', inBoth(20, 10)),
  payloadMemory: lower('256 KiB payloads: largest process', 'MB', shownInBoth),
} as const satisfies Record<string, Figure>;

export type FigureKey = keyof typeof FIGURES;
