import { type Figure, type FigureKey, FIGURES, type Mode } from '../bars.js';
import { spreadOf } from '../measure/spread.js';
import type { CaseRun, ModeResult, Round, Row } from './result.js';

type RoundFigure = (round: Round) => number | null;

/** The other figures are those of cases. */
const OF_ROUND: Readonly<Partial<Record<FigureKey, RoundFigure>>> = {
  ratioFanOut1: ({ fanOut1, bare }) => fanOut1.perSecond / bare.perSecond,
  ratioFanOut10: ({ fanOut10, bare }) => fanOut10.perSecond / bare.perSecond,
  overNaive: ({ fanOut1, naive }) => (naive.perSecond > 0 ? fanOut1.perSecond / naive.perSecond : null),
  cpuFanOut1: ({ fanOut1 }) => fanOut1.platformMicros,
  cpuFanOut10: ({ fanOut10 }) => fanOut10.platformMicros,
  ingestRatio: ({ ingest, bare }) => ingest.perSecond / bare.perSecond,
  p50At200: ({ at200 }) => at200.latency.p50,
  p99At200: ({ at200 }) => at200.latency.p99,
  p50At2000: ({ at2000 }) => at2000.latency.p50,
  p99At2000: ({ at2000 }) => at2000.latency.p99,
};

export function isOfRounds(figure: FigureKey): boolean {
  return OF_ROUND[figure] !== undefined;
}

/** One row for each figure in each mode, in the order of `FIGURES`; what was not asked for is left out. */
export function rowsOf(
  modes: readonly ModeResult[],
  cases: readonly CaseRun[],
  isShown: (figure: FigureKey, mode: Mode) => boolean,
): Row[] {
  const keys = Object.keys(FIGURES) as FigureKey[];
  return keys.flatMap((figure) => {
    const shown = (Object.keys(FIGURES[figure].bars) as Mode[]).filter((mode) => isShown(figure, mode));
    return shown.map((mode) => row(figure, mode, samplesOf(figure, mode, { modes, cases })));
  });
}

/** Null in a round is a figure that could not be seen there. */
function samplesOf(
  figure: FigureKey,
  mode: Mode,
  { modes, cases }: { modes: readonly ModeResult[]; cases: readonly CaseRun[] },
): number[] {
  const pick = OF_ROUND[figure];
  const rounds = modes.filter((result) => result.mode === mode).flatMap((result) => result.rounds);
  if (pick !== undefined) return rounds.map(pick).filter((value) => value !== null);
  return cases.flatMap((run) => (run.mode === mode && 'figures' in run ? (run.figures[figure] ?? []) : []));
}

function row(key: FigureKey, mode: Mode, samples: readonly number[]): Row {
  const figure: Figure = FIGURES[key];
  const { bar, reach } = figure.bars[mode] ?? { bar: null, reach: null };
  const spread = spreadOf(samples);
  const isMet = spread === null || bar === null ? null : meets(figure, spread.median, bar);
  const { title, unit } = figure;
  return { figure: key, mode, title, unit, bar, reach, spread, isMet, samples };
}

function meets({ better }: Figure, value: number, bar: number): boolean {
  return better === 'higher' ? value >= bar : value <= bar;
}

/** Not even half as good as its bar: more than a shared machine explains. */
export function isFarBelow({ figure, bar, spread }: Row): boolean {
  if (bar === null || spread === null) return false;
  return !meets(FIGURES[figure], spread.median, FIGURES[figure].better === 'higher' ? bar / 2 : bar * 2);
}
