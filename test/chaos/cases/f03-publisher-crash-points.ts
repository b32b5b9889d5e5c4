import { type ChaosCase, notApplicable } from '../case.js';
import type { ChaosPlatform } from '../platform/chaos-platform.js';
import type { Stage } from '../stage.js';

const TYPE = 'guestbook.entry.created';

/** Of a publisher's own transaction, and how many events each leaves behind. */
const EVENTS_AFTER = { after_outbox_insert: 0, before_commit: 0, after_commit: 1 } as const;

export const chaosCase: ChaosCase = {
  id: 'F03',
  name: 'publisher-crash-points',
  inject:
    "SIGKILL at the three points of a publisher's own transaction: outbox written, before and after the commit",
  expect: 'what was not committed is nowhere; what was is delivered once',
  modes: {
    embedded: 'run',
    postgres: 'run',
    full: notApplicable(
      'These points lie in the publishing application, and the platform of this mode has none in it; postgres runs the same code.',
    ),
  },

  async run(stage) {
    // Given
    const platform = await stage.platform();
    const before = await entries(platform);
    const endpoint = await stage.sink.endpoint(stage.mode);
    const wish = { url: endpoint.url, eventTypes: [TYPE], secret: endpoint.secret, handshake: 'none' };
    const { id } = await platform.call<{ id: string }>('POST', '/v1/subscriptions', wish);

    // Inject
    for (const point of ['after_outbox_insert', 'before_commit', 'after_commit'] as const) {
      await platform.api().crashAt(point);
      await sign(platform);
      await platform.api().dies();
      await platform.heal();
      await entriesAre(stage, platform, before + EVENTS_AFTER[point]);
    }

    // Expect
    await endpoint.delivers(1, 40_000);
    const requests = await endpoint.requests();
    await platform.call('DELETE', `/v1/subscriptions/${id}`);
    if (requests.length !== 1) throw new Error(`I4: ${requests.length} requests came instead of 1`);
    return stage.judge();
  },
};

async function sign(platform: ChaosPlatform): Promise<void> {
  const body = JSON.stringify({ name: 'Chaos', message: 'was here' });
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  await fetch(`${platform.api().url}/entries`, request).catch(() => undefined);
}

async function entries(platform: ChaosPlatform): Promise<number> {
  const [row] = await platform.sql.read<{ count: number }>(
    'SELECT count(*)::int AS count FROM guestbook.entry',
  );
  return row?.count ?? 0;
}

/** A connection that died in a transaction may still be open in the server for a moment. */
async function entriesAre(stage: Stage, platform: ChaosPlatform, wanted: number): Promise<void> {
  await stage.eventually(async () => {
    const found = await entries(platform);
    if (found !== wanted) throw new Error(`I4: the guestbook has ${found} entries instead of ${wanted}`);
  });
}
