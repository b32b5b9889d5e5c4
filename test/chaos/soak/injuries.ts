import { setTimeout as pause } from 'node:timers/promises';
import { type Mode, MODES } from '../case.js';
import type { ChaosPlatform } from '../platform/chaos-platform.js';
import type { ChaosProcess } from '../platform/processes.js';
import type { Random } from '../random.js';

/** Something that is done to a running platform; whatever is still down afterwards, `heal` brings back. */
export interface Injury {
  readonly name: string;
  readonly modes: readonly Mode[];
  /** Of two things at once, each has another target. */
  readonly target: 'process' | 'PostgreSQL' | 'RabbitMQ';
  inflict(platform: ChaosPlatform, random: Random): Promise<void>;
}

/** As long as the system needs to find out, or long enough for a lease to end. */
const BLINK_MS = [0, 3000] as const;
const SPELL_MS = [1000, 6000] as const;
const BEYOND_A_LEASE_MS = [2000, 16_000] as const;
const OUTAGE_MS = [0, 15_000] as const;
const RELAY_MS = 5000;

const spell = (random: Random, [least, most]: readonly [number, number]): Promise<void> =>
  pause(random.between(least, most));

async function killed(process: ChaosProcess, random: Random): Promise<void> {
  await process.kill9();
  await spell(random, BLINK_MS);
}

export const INJURIES: readonly Injury[] = [
  {
    name: 'API killed',
    target: 'process',
    modes: MODES,
    inflict: (platform, random) => killed(random.pick(platform.apis), random),
  },
  {
    name: 'dispatcher killed',
    target: 'process',
    modes: MODES,
    inflict: (platform, random) => killed(random.pick(platform.workers), random),
  },
  {
    name: 'dispatcher frozen',
    target: 'process',
    modes: MODES,
    async inflict({ workers }, random) {
      const worker = random.pick(workers);
      worker.freeze();
      await spell(random, BEYOND_A_LEASE_MS);
      worker.thaw();
    },
  },
  {
    name: 'relay killed after a publish',
    target: 'process',
    modes: MODES,
    async inflict({ workers }, random) {
      const worker = random.pick(workers);
      await worker.crashAt('relay_published', { nth: random.between(1, 5) });
      // Another one may have all the work of the relay.
      await worker.dies(RELAY_MS).catch(() => worker.kill9());
      await spell(random, BLINK_MS);
    },
  },
  {
    name: 'PostgreSQL backend killed',
    target: 'PostgreSQL',
    modes: MODES,
    inflict: ({ postgres }) => postgres.killBackend(),
  },
  {
    name: 'postmaster killed',
    target: 'PostgreSQL',
    modes: MODES,
    async inflict({ mode, postgres }, random) {
      await postgres.kill9();
      await spell(random, BLINK_MS);
      // The embedded one is started by its process, which may be dead as well.
      if (mode !== 'embedded') await postgres.start();
    },
  },
  {
    name: 'PostgreSQL frozen',
    target: 'PostgreSQL',
    modes: MODES,
    async inflict({ postgres }, random) {
      await postgres.freeze();
      await spell(random, SPELL_MS);
      await postgres.thaw();
    },
  },
  {
    name: 'RabbitMQ killed',
    target: 'RabbitMQ',
    modes: ['full'],
    async inflict({ rabbit }, random) {
      await rabbit?.kill9();
      await spell(random, OUTAGE_MS);
      await rabbit?.restart();
    },
  },
  {
    name: 'RabbitMQ frozen',
    target: 'RabbitMQ',
    modes: ['full'],
    async inflict({ rabbit }, random) {
      const pid = rabbit?.pid ?? 0;
      if (pid === 0) return;
      process.kill(pid, 'SIGSTOP');
      await spell(random, SPELL_MS);
      process.kill(pid, 'SIGCONT');
    },
  },
];
