import { type ChaosCase, onlyFull } from '../case.js';
import { throughAlarm } from '../load/through-alarm.js';

export const chaosCase: ChaosCase = {
  id: 'F24',
  name: 'memory-alarm',
  inject: "RabbitMQ's memory alarm",
  expect:
    'the metric says so, consumers go on, the API accepts, and all of it is delivered when the alarm is over',
  modes: onlyFull('run'),

  run: (stage) =>
    throughAlarm(stage, {
      raise: ['set_vm_memory_high_watermark', '0.0001'],
      clear: ['set_vm_memory_high_watermark', '0.6'],
    }),
};
