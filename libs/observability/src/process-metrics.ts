import { performance } from 'node:perf_hooks';
import { Gauge, type Registry } from 'prom-client';

/**
 * Memory, processor and event loop of this process, read when asked. prom-client's own default metrics start observers
 * that outlive the application; these hold nothing.
 */
export function registerProcessMetrics(registry: Registry): void {
  const readings: readonly (readonly [name: string, help: string, read: () => number])[] = [
    ['process_resident_memory_bytes', 'Resident memory in bytes.', () => process.memoryUsage.rss()],
    ['nodejs_heap_used_bytes', 'Used heap in bytes.', () => process.memoryUsage().heapUsed],
    ['process_cpu_seconds', 'Processor time used, in seconds.', cpuSeconds],
    ['process_uptime_seconds', 'Seconds since the process started.', () => process.uptime()],
    ['nodejs_eventloop_utilization', 'Share of time the event loop was busy.', eventLoopMeter()],
  ];
  for (const [name, help, read] of readings) {
    registerReading(registry, { name, help }, read);
  }
}

function registerReading(registry: Registry, text: { name: string; help: string }, read: () => number): void {
  const gauge: Gauge = new Gauge({
    ...text,
    registers: [registry],
    collect: () => gauge.set(read()),
  });
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Utilisation since the last reading. */
function eventLoopMeter(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const current = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(current, last);
    last = current;
    return utilization;
  };
}
