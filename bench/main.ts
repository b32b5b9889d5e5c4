import { cpus, loadavg } from 'node:os';
import { createServer } from 'node:net';
import { platformRound, type RoundResult } from './platform-round.js';
import { type BareResult, runBare, startPlatform, startSink } from './processes.js';

/**
 * Compares the platform with a bare sender on this machine, in interleaved rounds: only ratios within a round mean
 * something on a machine that others use too. Prints a table to stderr and one JSON document to stdout.
 */
const ROUNDS = Number(process.argv[2] ?? 3);
const RUN_MS = Number(process.argv[3] ?? 4000);

interface Round {
  readonly bare: { readonly perSecond: number; readonly cpuMicros: number };
  readonly fanOut1: RoundResult & { readonly ratio: number };
  readonly fanOut10: RoundResult & { readonly ratio: number };
}

const mode = process.env.AMQP_URL ? 'full' : process.env.DATABASE_URL ? 'postgres' : 'embedded';
const note = (text: string): void => void process.stderr.write(`${text}\n`);
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const round2 = (value: number): number => Math.round(value * 100) / 100;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function rates({ sent, seconds, cpuSeconds }: BareResult): Round['bare'] {
  return { perSecond: Math.round(sent / seconds), cpuMicros: Math.round((cpuSeconds * 1e6) / sent) };
}

const sink = await startSink();
const platform = await startPlatform(await freePort());
const rounds: Round[] = [];
try {
  note('warming up');
  await platformRound(platform, sink, { fanOut: 1, runMs: 1500 });
  for (let index = 0; index < ROUNDS; index += 1) {
    await sink.reset();
    const bare = rates(await runBare(`${sink.url}/bare`, RUN_MS));
    const measure = async (fanOut: number): Promise<Round['fanOut1']> => {
      const result = await platformRound(platform, sink, { fanOut, runMs: RUN_MS });
      return { ...result, ratio: round2(result.perSecond / bare.perSecond) };
    };
    const round = { bare, fanOut1: await measure(1), fanOut10: await measure(10) };
    rounds.push(round);
    note(`round ${index + 1}: bare ${bare.perSecond}/s ${bare.cpuMicros} µs`);
    for (const [name, result] of [
      ['fan-out 1 ', round.fanOut1],
      ['fan-out 10', round.fanOut10],
    ] as const) {
      const { platform: node, postgres } = result.cpuMicros;
      const cpu = `${node} µs + PostgreSQL ${postgres ?? '?'} µs`;
      note(
        `  ${name} ${result.perSecond}/s = ${result.ratio} × bare, ${cpu}, lost ${result.lost}, twice ${result.duplicates}`,
      );
    }
  }
} finally {
  await platform.stop();
  sink.stop();
}
const of = (pick: (round: Round) => number): number => round2(median(rounds.map(pick)));
const total = ({ cpuMicros }: RoundResult): number => cpuMicros.platform + (cpuMicros.postgres ?? 0);
const result = {
  env: { node: process.version, cores: cpus().length, load: loadavg()[0], mode },
  rounds,
  median: {
    ratioFanOut1: of(({ fanOut1 }) => fanOut1.ratio),
    ratioFanOut10: of(({ fanOut10 }) => fanOut10.ratio),
    cpuMicrosFanOut1: of(({ fanOut1 }) => total(fanOut1)),
    cpuMicrosFanOut10: of(({ fanOut10 }) => total(fanOut10)),
    cpuMicrosBare: of(({ bare }) => bare.cpuMicros),
  },
};
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
if (rounds.some(({ fanOut1, fanOut10 }) => fanOut1.lost + fanOut10.lost > 0)) process.exitCode = 1;
