import { fromTypeId } from '#libs/kernel';
import { type ChaosCase, everywhere } from '../case.js';
import type { Tally } from '../oracle/tally.js';
import type { ChaosPlatform } from '../platform/chaos-platform.js';

const TIMEOUT_MS = 1000;

export const chaosCase: ChaosCase = {
  id: 'F04',
  name: 'api-killed-before-reply',
  inject: 'SIGKILL of the API before and after the commit of an event, each time before the reply',
  expect: 'the request again, with the same Idempotency-Key, is answered; the event is there once',
  modes: { ...everywhere('run'), postgres: 'fast' },

  async run(stage) {
    // Given
    const platform = await stage.platform();
    const { type } = await stage.subscribe({ timeoutMs: TIMEOUT_MS });
    // With the dispatcher in the same process, what the first one left in flight would die with the second.
    const over = (): Promise<Tally> => stage.judge({ withinMs: stage.recoveryMs(TIMEOUT_MS) });

    for (const point of ['intake_before_commit', 'intake_committed'] as const) {
      const key = `${point}-${stage.newPath('key')}`;
      // Inject
      await Promise.all(platform.apis.map((api) => api.crashAt(point)));
      const first = await publish(platform, type, key).catch(() => null);
      if (first !== null) throw new Error(`${point}: the request was answered, nothing was killed`);
      await platform.restart();

      // Expect
      const again = await publish(platform, type, key);
      const oncemore = await publish(platform, type, key);
      if (again !== oncemore) throw new Error(`I1: one key gave the events ${again} and ${oncemore}`);
      stage.book.accept(fromTypeId('evt', again) ?? again, type);
      await over();
    }
    return over();
  },
};

/** Without an id of its own: only the key says that it is the same request. Gives the event's id. */
async function publish(platform: ChaosPlatform, type: string, key: string): Promise<string> {
  const answer = await fetch(`${platform.api().url}/v1/events`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${platform.key}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify({ type, data: { n: 1 } }),
  });
  const text = await answer.text();
  if (answer.status !== 202) throw new Error(`${answer.status} ${text}`);
  return (JSON.parse(text) as { id: string }).id;
}
