import type { SinkClient } from '../sink/sink-client.js';
import { Child } from '../process/child.js';
import type { BareResult } from './bare-process.js';
import type { NaivePlace } from './naive-pipeline.js';
import type { NaiveResult } from './naive-process.js';
import type { BareFigure } from './round.js';

/** What the platform is compared with; both stay warm from round to round. */
export class Yardsticks {
  private readonly bareSender = Child.start('./bare-process.js', import.meta.url);
  private readonly naivePipeline = Child.start('./naive-process.js', import.meta.url);

  constructor(private readonly sink: SinkClient) {}

  async startNaive(place: Omit<NaivePlace, 'target'>): Promise<void> {
    const target = this.sink.endpoint('ok', 'naive', 0);
    await this.naivePipeline.call('start', { ...place, target } satisfies NaivePlace);
  }

  async bare(ms: number): Promise<BareFigure> {
    const url = this.sink.endpoint('ok', 'bare', 0);
    const { sent, seconds, cpuSeconds } = await this.bareSender.call<BareResult>('run', { url, ms });
    return { perSecond: sent / seconds, cpuMicros: (cpuSeconds * 1e6) / sent };
  }

  async naive(ms: number): Promise<{ perSecond: number }> {
    const { delivered, seconds } = await this.naivePipeline.call<NaiveResult>('run', ms);
    return { perSecond: delivered / seconds };
  }

  stop(): void {
    this.bareSender.stop();
    this.naivePipeline.stop();
  }
}
