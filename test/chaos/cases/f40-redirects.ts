import { everywhere, type ChaosCase } from '../case.js';
import { attemptsOf } from '../oracle/attempts.js';

const STATUSES = [301, 302, 307, 308];

export const chaosCase: ChaosCase = {
  id: 'F40',
  name: 'redirects',
  inject: 'answers 301, 302, 307 and 308 to another place',
  expect: 'not followed; each is a failed attempt that shows where it pointed',
  modes: { ...everywhere('run'), postgres: 'fast' },

  async run(stage) {
    // Given
    const platform = await stage.platform();
    const elsewhere = await stage.sink.endpoint('elsewhere');
    const type = await stage.eventType();
    const retry = { scheduleSeconds: [1] };
    const moved = await Promise.all(STATUSES.map(() => stage.subscribe({ retry }, type)));

    // Inject
    const headers = { location: elsewhere.url };
    for (const [index, { endpoint }] of moved.entries()) {
      await endpoint.behave({ status: STATUSES[index] ?? 0, headers }, { status: 200 });
    }
    await stage.publisher().publish(type, 1);

    // Expect
    const tally = await stage.judge();
    for (const [index, { subscriptionId }] of moved.entries()) {
      const [first] = await attemptsOf(platform.sql, subscriptionId);
      const isShown = first?.response_headers?.location === elsewhere.url;
      if (first?.response_status !== STATUSES[index] || !isShown) {
        throw new Error(`the attempt does not show the redirect: ${JSON.stringify(first)}`);
      }
    }
    if ((await elsewhere.requests()).length > 0) throw new Error('a redirect was followed');
    return tally;
  },
};
