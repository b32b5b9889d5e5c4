import type { Load, LoadResult, LoadTarget, LoadWindow } from '../case.js';
import { Child } from '../process/child.js';
import type { SinkClient } from '../sink/sink-client.js';
import type { PacedOrder } from './paced-run.js';
import type { SaturatingOrder } from './saturating-run.js';

const BYTES = 512;
const OUTSTANDING = 8_000;
const CONNECTIONS = 8;
const BATCH = 100;

/** A closed loop that runs. */
export interface Saturation {
  /** Events accepted so far, and when, by the machine's clock. */
  accepted(): Promise<{ readonly accepted: number; readonly atMicros: number }>;
  end(): Promise<LoadResult>;
}

export class LoadClient implements Load {
  private constructor(
    private readonly child: Child,
    private readonly sink: SinkClient,
  ) {}

  static start(sink: SinkClient): LoadClient {
    return new LoadClient(Child.start('./generator-process.js', import.meta.url), sink);
  }

  get pid(): number {
    return this.child.pid;
  }

  paced(target: LoadTarget, pace: { perSecond: number; ms: number }): Promise<LoadResult> {
    return this.child.call('paced', { ...this.shape(target), ...pace } satisfies PacedOrder);
  }

  async saturate(target: LoadTarget, window: LoadWindow): Promise<Saturation> {
    const { fanOut, outstanding = OUTSTANDING, connections = CONNECTIONS, batch = BATCH } = window;
    const order = { ...this.shape(target), fanOut, outstanding, connections, batch };
    await this.child.call('saturate', order satisfies SaturatingOrder);
    const stopTelling = this.sink.onProgress((argument) =>
      this.child.tell({ id: 0, name: 'progress', argument }),
    );
    return {
      accepted: () => this.child.call('accepted'),
      end: async () => {
        const result = await this.child.call<LoadResult>('end');
        stopTelling();
        return result;
      },
    };
  }

  stop(): void {
    this.child.stop();
  }

  private shape({ platform: { url, key }, types, bytes = BYTES }: LoadTarget): SharedShape {
    return { platform: { url, key }, types, bytes, run: this.sink.run };
  }
}

type SharedShape = Pick<PacedOrder, 'platform' | 'types' | 'bytes' | 'run'>;
