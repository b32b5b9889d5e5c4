import { type FigureKey, type Mode, MODE_TITLES } from '../bars.js';
import type { Row } from './result.js';
import { number } from './table.js';

const WIDTH = 780;
const LABEL = 210;
const LINE = 24;
const RIGHT = 100;
const MODE_CLASS: Readonly<Record<Mode, string>> = { embedded: 'one', full: 'two' };

interface Panel {
  readonly title: string;
  readonly isLog: boolean;
  readonly figures: readonly FigureKey[];
}

const PANELS: readonly Panel[] = [
  {
    title: 'Throughput over a bare sender: more is better',
    isLog: false,
    figures: ['ratioFanOut1', 'ratioFanOut10', 'ingestRatio'],
  },
  {
    title: 'Milliseconds from publish to arrival, logarithmic: less is better',
    isLog: true,
    figures: ['p50At200', 'p99At200', 'p50At2000', 'p99At2000', 'isolationP99'],
  },
  {
    title: 'Microseconds of CPU for each delivery, all processes together: less is better',
    isLog: false,
    figures: ['cpuFanOut1', 'cpuFanOut10'],
  },
];

const LABELS: Readonly<Partial<Record<FigureKey, string>>> = {
  ratioFanOut1: 'fan-out 1',
  ratioFanOut10: 'fan-out 10',
  ingestRatio: 'events accepted',
  p50At200: '200/s, p50',
  p99At200: '200/s, p99',
  p50At2000: '2,000/s, p50',
  p99At2000: '2,000/s, p99',
  isolationP99: '10 of 100 hang, healthy p99',
  cpuFanOut1: 'fan-out 1',
  cpuFanOut10: 'fan-out 10',
};

/** A bar for the median, a line from the smallest to the largest round, and a mark at what must be met. */
export function picture(rows: readonly Row[]): string {
  let top = 60;
  const parts: string[] = [];
  for (const panel of PANELS) {
    const shown = rows.filter(({ figure, spread }) => panel.figures.includes(figure) && spread !== null);
    if (shown.length === 0) continue;
    const axis = axisOf(panel, shown);
    const [from, to] = [top + 12, top + 12 + shown.length * LINE];
    parts.push(text({ x: 16, y: top, words: panel.title, style: 'head' }), ...grid(axis, from, to));
    shown.forEach((row, index) => {
      const isFirst = shown[index - 1]?.figure !== row.figure;
      const label = isFirst ? (LABELS[row.figure] ?? '') : '';
      parts.push(...line(row, { y: from + index * LINE, axis, label }));
    });
    top = to + 54;
  }
  return frame(top - 26, [legend(), ...parts]);
}

interface Axis {
  readonly ticks: readonly number[];
  /** Pixels from the left. */
  readonly at: (value: number) => number;
}

function axisOf({ isLog }: Panel, rows: readonly Row[]): Axis {
  const largest = Math.max(...rows.flatMap(({ spread, bar }) => [spread?.max ?? 0, bar ?? 0]));
  const room = WIDTH - LABEL - RIGHT;
  if (!isLog) return { ticks: evenTicks(largest), at: (value) => LABEL + (value / largest) * room };
  const smallest = Math.min(...rows.map(({ spread }) => spread?.min ?? largest)) / 2;
  const span = Math.log(largest / smallest);
  const at = (value: number): number =>
    LABEL + (Math.log(Math.max(value, smallest) / smallest) / span) * room;
  const powers = [0.01, 0.1, 1, 10, 100, 1000, 10_000];
  return { ticks: powers.filter((power) => power >= smallest && power <= largest), at };
}

/** Two to five round values up to the largest. */
function evenTicks(largest: number): number[] {
  const power = 10 ** Math.floor(Math.log10(largest));
  const step = [0.2, 0.5, 1, 2].map((factor) => factor * power).find((size) => largest / size <= 5) ?? power;
  return Array.from({ length: Math.floor(largest / step) }, (_, n) => (n + 1) * step);
}

function grid({ ticks, at }: Axis, from: number, to: number): string[] {
  return ticks.flatMap((tick) => [
    `<path class="grid" d="M${at(tick).toFixed(1)} ${from}V${to}"/>`,
    text({ x: at(tick), y: to + 15, words: number(tick), style: 'tick' }),
  ]);
}

function line(row: Row, { y, axis, label }: { y: number; axis: Axis; label: string }): string[] {
  const { spread, bar, mode, unit } = row;
  if (spread === null) return [];
  const middle = y + LINE / 2;
  const width = Math.max(1, axis.at(spread.median) - LABEL).toFixed(1);
  const end = Math.max(axis.at(spread.max), bar === null ? 0 : axis.at(bar));
  const value = `${number(spread.median)} ${unit}`;
  return [
    label === '' ? '' : text({ x: LABEL - 10, y: middle + 4, words: label, style: 'label' }),
    `<rect class="${MODE_CLASS[mode]}" x="${LABEL}" y="${y + 4}" width="${width}" height="${LINE - 8}" rx="2"/>`,
    `<path class="range" d="M${axis.at(spread.min).toFixed(1)} ${middle}H${axis.at(spread.max).toFixed(1)}"/>`,
    bar === null ? '' : `<path class="bar" d="M${axis.at(bar).toFixed(1)} ${y + 1}v${LINE - 2}"/>`,
    text({ x: end + 8, y: middle + 4, words: value, style: 'value' }),
  ];
}

function text({ x, y, words, style }: { x: number; y: number; words: string; style: string }): string {
  return `<text class="${style}" x="${x.toFixed(0)}" y="${y.toFixed(0)}">${words}</text>`;
}

function legend(): string {
  return [
    `<rect class="one" x="16" y="14" width="12" height="12" rx="2"/>`,
    text({ x: 34, y: 24, words: MODE_TITLES.embedded, style: 'value' }),
    `<rect class="two" x="226" y="14" width="12" height="12" rx="2"/>`,
    text({ x: 244, y: 24, words: MODE_TITLES.full, style: 'value' }),
    `<path class="bar" d="M430 12v16"/>`,
    text({ x: 440, y: 24, words: 'must be met', style: 'value' }),
    `<path class="range" d="M544 20h24"/>`,
    text({ x: 576, y: 24, words: 'smallest to largest round', style: 'value' }),
  ].join('\n');
}

/** The bars' colours hold on white and on black; the rest takes the scheme of the reader. */
const STYLE = `
text { font: 13px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #1f2328; }
.head { font-weight: 600; }
.label { text-anchor: end; }
.tick { text-anchor: middle; font-size: 11px; fill: #57606a; }
.one { fill: #3f7fbf; }
.two { fill: #b5762a; }
.grid { stroke: #d0d7de; fill: none; }
.range { stroke: #1f2328; stroke-width: 1.5; fill: none; opacity: 0.7; }
.bar { stroke: #c0392b; stroke-width: 2; fill: none; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .tick { fill: #a5aeb8; }
  .grid { stroke: #30363d; }
  .range { stroke: #e6edf3; }
  .bar { stroke: #ff7b6b; }
}
`;

function frame(height: number, parts: readonly string[]): string {
  const size = `viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}"`;
  const body = parts.filter((part) => part !== '').join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="Throughput, latency and CPU">\n<style>${STYLE}</style>\n${body}\n</svg>\n`;
}
