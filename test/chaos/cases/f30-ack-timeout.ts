import { type ChaosCase, onlyFull } from '../case.js';

const RECEIVERS = 10;
const ACK_TIMEOUT_MS = 1500;
const ANSWER_AFTER_MS = 4000;
/** In milliseconds; channels read them when they open. */
const setTimeouts = (ackMs: number, lookMs: number): string =>
  `application:set_env(rabbit, consumer_timeout, ${ackMs}), application:set_env(rabbit, channel_tick_interval, ${lookMs}).`;

export const chaosCase: ChaosCase = {
  id: 'F30',
  name: 'ack-timeout',
  inject:
    'messages that are in work for longer than the acknowledgement timeout: RabbitMQ closes the channel with 406',
  expect: 'they come again, and make no second request; late acknowledgements harm nobody',
  modes: onlyFull('run'),

  async run(stage) {
    // Given: channels that opened under a short timeout, and one dispatcher with all the work.
    const { rabbit } = await stage.platform();
    await rabbit?.ctl('eval', setTimeouts(ACK_TIMEOUT_MS, 300));
    stage.afterwards(async () => void (await rabbit?.ctl('eval', setTimeouts(1_800_000, 60_000))));
    const platform = await stage.platform({ workers: 1 });
    const { type, endpoints } = await stage.subscribeMany(RECEIVERS, { timeoutMs: 10_000 });
    await Promise.all(
      endpoints.map((endpoint) => endpoint.behave({ status: 200, delayMs: ANSWER_AFTER_MS })),
    );

    // Inject
    await stage.publisher().publish(type, 2);
    await stage.eventually(() => {
      if (!/406|acknowledg/.test(platform.worker().log))
        throw new Error('RabbitMQ closed no channel for its timeout');
    });

    // Expect
    await Promise.all(endpoints.map((endpoint) => endpoint.delivers(2)));
    await platform.ready();
    return stage.judge();
  },
};
