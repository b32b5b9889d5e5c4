import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../support/eventually.js';
import type { Load, Publisher } from '../load/publisher.js';
import { EMPTY_TALLY, type Tally } from '../oracle/tally.js';
import type { ChaosPlatform } from '../platform/chaos-platform.js';
import { BrokenInvariants, type Stage } from '../stage.js';
import { INJURIES, type Injury } from './injuries.js';
import type { SoakResult } from './soak-result.js';

const EVENTS_PER_SECOND = 50;
const COMMIT_EVERY_MS = 200;
const CONCURRENCY = 50;
const TIMEOUT_MS = 2000;
/** One that is slow always has requests in flight. */
const DELAYS_MS = [0, 20, 200];
const CALM_MS = [2000, 5000] as const;
/** One in so many times two things happen at once. */
const PAIRS = 4;
const DRAINED_WITHIN_MS = 120_000;

export type SoakFindings = Omit<SoakResult, 'mode' | 'seed' | 'at' | 'minutes' | 'peaks'>;

/** Hurts one platform at random for some minutes while events keep coming, and counts what became of each. */
export class Soak {
  private readonly injuries: Record<string, number> = {};
  private notAcceptedForTheBroker = 0;

  private constructor(
    private readonly stage: Stage,
    private readonly platform: ChaosPlatform,
    private readonly load: Load,
  ) {}

  static async run(stage: Stage, minutes: number): Promise<SoakFindings> {
    const platform = await stage.platform({ env: { BELLHOP_CONCURRENCY: String(CONCURRENCY) } });
    const type = await receivers(stage);
    const publisher = stage.publisher();
    const load = publisher.load(type, EVENTS_PER_SECOND);
    const commits = new Commits(publisher, type);
    const soak = new Soak(stage, platform, load);
    try {
      await soak.hurt(minutes);
    } finally {
      await commits.stop();
      await load.stop();
    }
    return soak.findings(type);
  }

  private async hurt(minutes: number): Promise<void> {
    const endsAt = performance.now() + minutes * 60_000;
    const known = INJURIES.filter(({ modes }) => modes.includes(this.stage.mode));
    while (performance.now() < endsAt) {
      const { random } = this.stage;
      const count = random.between(1, PAIRS) === 1 ? 2 : 1;
      const picked = Array.from({ length: count }, () => random.pick(known));
      await this.inflict([...new Map(picked.map((injury) => [injury.target, injury])).values()]);
      await pause(random.between(...CALM_MS));
    }
  }

  private async inflict(injuries: readonly Injury[]): Promise<void> {
    const { platform, stage, load } = this;
    stage.note(injuries.map(({ name }) => name).join(' and '));
    const failedBefore = load.failed;
    // What cannot be put right while the other thing lasts, `heal` puts right.
    const inflict = (injury: Injury): Promise<void> =>
      injury.inflict(platform, stage.random).catch((error: unknown) => stage.note(String(error)));
    await Promise.all(injuries.map(inflict));
    await platform.heal();
    if (injuries.every(({ target }) => target === 'RabbitMQ')) {
      this.notAcceptedForTheBroker += load.failed - failedBefore;
    }
    for (const { name } of injuries) this.injuries[name] = (this.injuries[name] ?? 0) + 1;
  }

  private async findings(type: string): Promise<SoakFindings> {
    const { injuries, notAcceptedForTheBroker, load, stage, platform } = this;
    const kills = Object.values(injuries).reduce((sum, count) => sum + count, 0);
    const concurrency = CONCURRENCY * platform.workers.length;
    const startedAt = performance.now();
    const faults = await this.drained(type);
    const drainSeconds = Math.round((performance.now() - startedAt) / 100) / 10;
    let tally: Tally = EMPTY_TALLY;
    try {
      tally = await stage.judge({ extraAtMost: kills * concurrency, withinMs: 1000 });
    } catch (error) {
      if (!(error instanceof BrokenInvariants)) throw error;
      tally = error.tally;
      faults.push(error.message);
    }
    if (notAcceptedForTheBroker > 0) {
      faults.push(`${notAcceptedForTheBroker} events were not accepted while only RabbitMQ was away`);
    }
    const counts = { injuries, kills, concurrency, tally, drainSeconds };
    return { ...counts, notAccepted: load.failed, notAcceptedForTheBroker, faults };
  }

  private async drained(type: string): Promise<string[]> {
    try {
      await eventually(
        async () => {
          const [row] = await this.platform.sql.read<{ left: number }>(LEFT, [type]);
          if (row === undefined || row.left > 0) throw new Error(`${row?.left} are left`);
        },
        { timeoutMs: DRAINED_WITHIN_MS, everyMs: 250 },
      );
      return [];
    } catch (error) {
      return [`not drained within ${DRAINED_WITHIN_MS / 1000} s: ${(error as Error).message}`];
    }
  }
}

const LEFT = `
SELECT (SELECT count(*) FROM delivery WHERE event_type = $1 AND status = 'pending')::int
  + (SELECT count(*) FROM guestbook.outbox_message WHERE type = $1)::int AS left`;

async function receivers(stage: Stage): Promise<string> {
  const type = await stage.eventType();
  const retry = { scheduleSeconds: [1, 1, 1, 2, 2, 5, 5, 5, 5, 5, 10, 10] };
  for (const delayMs of DELAYS_MS) {
    const { endpoint } = await stage.subscribe({ timeoutMs: TIMEOUT_MS, retry, maxInFlight: 30 }, type);
    await endpoint.behave({ status: 200, delayMs });
  }
  return type;
}

/** Transactions of an application, one after the other, for the relay. */
class Commits {
  private isOver = false;
  private readonly working: Promise<void>;

  constructor(
    private readonly publisher: Publisher,
    private readonly type: string,
  ) {
    this.working = this.work();
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.working;
  }

  private async work(): Promise<void> {
    while (!this.isOver) {
      // While PostgreSQL is away nobody can commit.
      await this.publisher.commit(this.type, 2).catch(() => undefined);
      await pause(COMMIT_EVERY_MS);
    }
  }
}
