import type { Component, Counts, Percentiles } from '../case.js';

export interface BareFigure {
  readonly perSecond: number;
  readonly cpuMicros: number;
}

export interface SaturationFigure {
  readonly perSecond: number;
  /** Microseconds of CPU for each delivery. */
  readonly cpuMicros: Readonly<Partial<Record<Component, number>>>;
  /** Of everything but the sink and the generator; null if a component runs where it cannot be seen. */
  readonly platformMicros: number | null;
  readonly counts: Counts;
}

export interface LatencyFigure {
  readonly latency: Percentiles;
  /** How late the generator was itself. */
  readonly lag: Percentiles;
  readonly cpuMicros: Readonly<Partial<Record<Component, number>>>;
  readonly counts: Counts;
}

/** One turn of everything that is compared: only ratios within a round mean something on a shared machine. */
export interface Round {
  readonly bare: BareFigure;
  readonly naive: { readonly perSecond: number };
  readonly fanOut1: SaturationFigure;
  readonly fanOut10: SaturationFigure;
  readonly ingest: { readonly perSecond: number };
  readonly at200: LatencyFigure;
  readonly at2000: LatencyFigure;
}
