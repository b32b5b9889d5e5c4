import type { BenchContext, Platform, PlatformOptions } from '../case.js';
import type { LoadClient } from '../load/load-client.js';
import type { SinkClient } from '../sink/sink-client.js';
import { BenchPlatform, type Place } from './bench-platform.js';

export interface Pace {
  readonly isQuick: boolean;
  readonly scale: number;
  note(line: string): void;
}

/** What a case works with; `end` stops and removes what it left. */
export class CaseContext implements BenchContext {
  private readonly platforms: BenchPlatform[] = [];

  constructor(
    private readonly place: Place,
    private readonly pace: Pace,
    readonly sink: SinkClient,
    readonly load: LoadClient,
  ) {}

  get mode(): BenchContext['mode'] {
    return this.place.mode;
  }

  get isQuick(): boolean {
    return this.pace.isQuick;
  }

  duration(ms: number): number {
    return Math.round(ms * this.pace.scale);
  }

  note(line: string): void {
    this.pace.note(line);
  }

  async createPlatform(options: PlatformOptions = {}): Promise<Platform> {
    const platform = await BenchPlatform.create(this.place, options);
    this.platforms.push(platform);
    return platform;
  }

  async end(): Promise<void> {
    for (const platform of this.platforms.splice(0)) await platform.remove();
  }
}
