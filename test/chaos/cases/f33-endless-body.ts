import { everywhere, type ChaosCase } from '../case.js';
import { attemptsOf } from '../oracle/attempts.js';

const EVENTS = 20;

export const chaosCase: ChaosCase = {
  id: 'F33',
  name: 'endless-body',
  inject: 'a 200 whose body never ends, as fast as the receiver can',
  expect: 'read up to the cap, the connection closed, delivered with one request; memory stays where it was',
  modes: everywhere('run'),

  async run(stage) {
    // Given
    const platform = await stage.platform();
    const { type, endpoint, subscriptionId } = await stage.subscribe({ timeoutMs: 2000 });

    // Inject
    await endpoint.behave({ endless: true });
    await stage.publisher().publish(type, EVENTS);

    // Expect
    await stage.eventually(async () => {
      const attempts = await attemptsOf(platform.sql, subscriptionId);
      if (attempts.length < EVENTS) throw new Error(`${attempts.length} attempts of ${EVENTS}`);
      const whole = attempts.filter(({ outcome, truncated }) => outcome !== 'delivered' || !truncated);
      if (whole.length > 0) throw new Error(`${whole.length} bodies are not marked as cut`);
    });
    return stage.judge();
  },
};
