import { Injectable } from '@nestjs/common';
import {
  Counter,
  type CounterConfiguration,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  type HistogramConfiguration,
  Registry,
} from 'prom-client';
import { registerProcessMetrics } from './process-metrics.js';

type Without<T> = Omit<T, 'registers'>;

/**
 * The metrics of one application. Each has a registry of its own, so several applications in one process do not clash.
 * Asking twice for one name gives the same metric. Labels must be bounded: never a URL, an id or a tenant.
 */
@Injectable()
export class MetricsRegistry {
  private readonly registry = new Registry();

  constructor() {
    registerProcessMetrics(this.registry);
  }

  counter<L extends string>(configuration: Without<CounterConfiguration<L>>): Counter<L> {
    const known = this.registry.getSingleMetric(configuration.name);
    if (known instanceof Counter) return known as Counter<L>;
    return new Counter({ ...configuration, registers: [this.registry] } as CounterConfiguration<L>);
  }

  /** A gauge with a `collect` function is asked only when somebody reads the metrics. */
  gauge<L extends string>(configuration: Without<GaugeConfiguration<L>>): Gauge<L> {
    const known = this.registry.getSingleMetric(configuration.name);
    if (known instanceof Gauge) return known as Gauge<L>;
    return new Gauge({ ...configuration, registers: [this.registry] } as GaugeConfiguration<L>);
  }

  histogram<L extends string>(configuration: Without<HistogramConfiguration<L>>): Histogram<L> {
    const known = this.registry.getSingleMetric(configuration.name);
    if (known instanceof Histogram) return known as Histogram<L>;
    return new Histogram({ ...configuration, registers: [this.registry] } as HistogramConfiguration<L>);
  }

  /** Everything in Prometheus' text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  get contentType(): string {
    return this.registry.contentType;
  }
}
