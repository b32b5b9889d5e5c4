import { MODES, type Mode } from '../case.js';
import type { ChaosOptions } from '../options.js';
import { unclosed, Vitals } from '../oracle/vitals.js';
import { ChaosPlatform, type PlatformOptions } from '../platform/chaos-platform.js';
import { type Services, withServices } from '../platform/services.js';
import { Random } from '../random.js';
import { Stage } from '../stage.js';
import { Soak } from './soak.js';
import type { SoakResult } from './soak-result.js';

/** Soaks one mode after the other, each for so many minutes. */
export function runSoaks(
  { modes, seed, soakMinutes: minutes }: ChaosOptions,
  note: (line: string) => void,
): Promise<SoakResult[]> {
  return withServices(note, async (services) => {
    const results: SoakResult[] = [];
    for (const mode of MODES.filter((each) => modes.includes(each))) {
      note(`${minutes} minutes of ${mode}`);
      results.push(await soakOne({ mode, services, seed, minutes, note }));
    }
    return results;
  });
}

interface One {
  readonly mode: Mode;
  readonly services: Services;
  readonly seed: number;
  readonly minutes: number;
  readonly note: (line: string) => void;
}

async function soakOne({ mode, services, seed, minutes, note }: One): Promise<SoakResult> {
  const own: ChaosPlatform[] = [];
  const start = async (platformOptions: PlatformOptions = {}): Promise<ChaosPlatform> => {
    const platform = await ChaosPlatform.start(mode, services, platformOptions);
    own.push(platform);
    return platform;
  };
  const stage = new Stage({
    mode,
    random: Random.of(seed, `soak ${mode}`),
    sink: services.sink,
    outage: { isFullLength: false, outageMinutes: 0 },
    shared: start,
    own: start,
    note: (line) => note(`  ${line}`),
    folder: services.folder,
  });
  const vitals = Vitals.watch(() => own);
  const at = new Date().toISOString();
  try {
    const findings = await Soak.run(stage, minutes);
    const kept = (await Promise.all(own.map(unclosed))).flat();
    const faults = [...findings.faults, ...kept, ...(await vitals.end())];
    if (faults.length > 0) for (const { log } of own) note(log);
    return { mode, seed, at, minutes, ...findings, faults, peaks: vitals.peaks };
  } finally {
    await vitals.end();
    for (const platform of own) await platform.heal().catch(() => undefined);
    for (const platform of own) await platform.stop();
    await stage.tidy();
  }
}
