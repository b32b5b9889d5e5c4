import type { Gauge } from 'prom-client';
import { expect, test } from 'vitest';
import { MetricsRegistry } from './metrics.registry.js';

test('two applications in one process register the same metric without a clash', async () => {
  const [first, second] = [new MetricsRegistry(), new MetricsRegistry()];
  first.counter({ name: 'bellhop_things_total', help: 'Things.' }).inc(2);
  second.counter({ name: 'bellhop_things_total', help: 'Things.' }).inc(5);
  expect(await first.text()).toContain('bellhop_things_total 2');
  expect(await second.text()).toContain('bellhop_things_total 5');
});

test('asking twice for a name gives the same metric', async () => {
  const metrics = new MetricsRegistry();
  const ask = (): void => metrics.histogram({ name: 'seconds', help: 'Seconds.', buckets: [1] }).observe(0.5);
  ask();
  ask();
  expect(await metrics.text()).toContain('seconds_bucket{le="1"} 2');
});

test('memory, processor and event loop of the process are there from the start', async () => {
  const text = await new MetricsRegistry().text();
  expect(text).toMatch(/process_resident_memory_bytes \d+/);
  expect(text).toMatch(/nodejs_eventloop_utilization [\d.e-]+/);
});

test('a gauge that collects is asked when somebody reads', async () => {
  const metrics = new MetricsRegistry();
  const gauge: Gauge = metrics.gauge({ name: 'depth', help: 'Depth.', collect: () => gauge.set(7) });
  expect(await metrics.text()).toContain('depth 7');
});
