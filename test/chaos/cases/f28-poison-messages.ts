import { encodeFrame } from '#libs/events';
import { newId } from '#libs/kernel';
import { QUEUES } from '#libs/messaging';
import { type ChaosCase, onlyFull } from '../case.js';

const MIB = 1024 * 1024;
const NEIGHBOURS = 100;

export const chaosCase: ChaosCase = {
  id: 'F28',
  name: 'poison-messages',
  inject:
    'in both queues: not JSON, cut off, ids of nothing, 1 MB of noise, a version of the future, another kind',
  expect:
    'put aside at once, each with its reason; ids of nothing are done without a request; neighbours are unaffected',
  modes: onlyFull('fast'),

  async run(stage) {
    // Given
    const platform = await stage.platform();
    const { type, endpoint } = await stage.subscribe({ timeoutMs: 1000 });
    const queues = await platform.openQueues();
    await queues.takeDeadReasons();
    const publisher = stage.publisher();
    const load = publisher.load(type, 50);

    // Inject
    const poison = unreadable();
    await queues.put(QUEUES.deliveries, [...poison, ofNothing()]);
    await queues.put(QUEUES.events, poison);
    const reasons: string[] = [];
    await stage.eventually(async () => {
      reasons.push(...(await queues.takeDeadReasons()));
      if (reasons.length < 2 * poison.length)
        throw new Error(`${reasons.length} dead letters: ${reasons.join('; ')}`);
    });
    await endpoint.delivers(NEIGHBOURS);
    await load.stop();

    // Expect
    stage.note([...new Set(reasons)].join('; '));
    if (reasons.length !== 2 * poison.length)
      throw new Error(`${reasons.length} dead letters of ${2 * poison.length}`);
    if (reasons.some((reason) => reason === '' || /refused|gave up/.test(reason)))
      throw new Error('a reason says nothing');
    const left = await Promise.all(Object.values(QUEUES).map((queue) => queues.waiting(queue)));
    await queues.close();
    if (left.some((count) => count > 0))
      throw new Error(`${left.join(' and ')} messages are left in the queues`);
    return stage.judge();
  },
};

function unreadable(): Buffer[] {
  const frame = encodeFrame({ kind: 'deliveries', lease: null, events: [], deliveries: [] }, []);
  const future = Buffer.concat([Buffer.from('BHF9'), frame.subarray(4)]);
  return [
    Buffer.from('{"type":'),
    Buffer.from([0x42]),
    Buffer.alloc(0),
    Buffer.alloc(MIB, 0xff),
    Buffer.alloc(MIB, '['),
    frame.subarray(0, frame.length - 3),
    future,
    encodeFrame({ kind: 'of another day', outbox: null, events: [], deliveries: [] }, []),
    encodeFrame({ kind: 'deliveries' }, []),
    encodeFrame({ kind: 'events' }, []),
    encodeFrame({ kind: 'deliveries', lease: null, events: 7, deliveries: [null] }, []),
  ];
}

/** Well-formed, and nobody knows any of it. */
function ofNothing(): Buffer {
  const event = [newId(), newId(), 'chaos.nothing.happened', null, Date.now(), true];
  const delivery = [newId(), 0, newId(), 1, 0, Date.now() + 60_000];
  const header = { kind: 'deliveries', lease: newId(), events: [event], deliveries: [delivery] };
  return encodeFrame(header, [Buffer.from('{}')]);
}
