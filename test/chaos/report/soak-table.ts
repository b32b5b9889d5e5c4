import type { SoakResult } from '../soak/soak-result.js';

/** What a soak has to say, one paragraph for each mode. */
export function soakLines(results: readonly SoakResult[]): string {
  return results.map(linesOf).join('\n\n');
}

export const isSound = ({ faults, tally }: SoakResult): boolean => faults.length === 0 && tally.lost === 0;

function linesOf(result: SoakResult): string {
  const { mode, seed, minutes, kills, concurrency, tally, peaks } = result;
  const counts = Object.entries(result.injuries).map(([name, times]) => `${name} ${times}`);
  return [
    `soak of ${mode}: ${minutes} minutes, seed ${seed}: ${isSound(result) ? 'passed' : 'FAILED'}`,
    `  ${kills} kills and freezes: ${counts.join(', ')}`,
    `  accepted ${tally.accepted}, delivered ${tally.delivered} of ${tally.expected}, lost ${tally.lost}, ` +
      `duplicated ${tally.duplicated} (at most ${kills} × ${concurrency}), recovered ${tally.recovered}`,
    `  not accepted ${result.notAccepted}, of these ${result.notAcceptedForTheBroker} while only RabbitMQ was away; ` +
      `drained in ${result.drainSeconds} s; at most ${peaks.megabytes} MB, ${peaks.descriptors} descriptors`,
    ...result.faults.map((fault) => `  ${fault}`),
  ].join('\n');
}
