import { type ChaosCase, onlyFull } from '../case.js';
import { throughAlarm } from '../load/through-alarm.js';

export const chaosCase: ChaosCase = {
  id: 'F25',
  name: 'disk-alarm',
  inject: "RabbitMQ's disk alarm",
  expect:
    'the metric says so, consumers go on, the API accepts, and all of it is delivered when the alarm is over',
  modes: onlyFull('run'),

  run: (stage) =>
    throughAlarm(stage, {
      raise: ['set_disk_free_limit', '100000GB'],
      clear: ['set_disk_free_limit', '50MB'],
    }),
};
