import { type FigureKey, type Mode, MODE_TITLES } from '../bars.js';
import type { Row } from './result.js';
import { number } from './table.js';

const WIDTH = 760;
const LABEL = 300;
const LINE = 26;
const RIGHT = 90;
const MODE_CLASS: Readonly<Record<Mode, string>> = { embedded: 'one', full: 'two' };

interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly isLog: boolean;
  readonly figures: readonly FigureKey[];
}

const PANELS: readonly Panel[] = [
  {
    title: 'Throughput, as a share of a bare sender (more is better)',
    unit: '×',
    isLog: false,
    figures: ['ratioFanOut1', 'ratioFanOut10', 'ingestRatio'],
  },
  {
    title: 'Publish to arrival (less is better; the axis is logarithmic)',
    unit: 'ms',
    isLog: true,
    figures: ['p50At200', 'p99At200', 'p50At2000', 'p99At2000', 'isolationP99'],
  },
  {
    title: 'CPU of all processes for each delivery (less is better)',
    unit: 'µs',
    isLog: false,
    figures: ['cpuFanOut1', 'cpuFanOut10'],
  },
];

/** Bars with a line from the smallest to the largest round, and a mark at the value that must be met. */
export function picture(rows: readonly Row[]): string {
  let top = 52;
  const parts: string[] = [];
  for (const panel of PANELS) {
    const shown = rows.filter(({ figure, spread }) => panel.figures.includes(figure) && spread !== null);
    if (shown.length === 0) continue;
    parts.push(text({ x: 16, y: top, words: panel.title, style: 'head' }));
    const scale = scaleOf(panel, shown);
    shown.forEach((row, index) => parts.push(...line(row, top + 12 + index * LINE, scale)));
    top += 12 + shown.length * LINE + 40;
  }
  return frame(top, [legend(), ...parts]);
}

type Scale = (value: number) => number;

function scaleOf({ isLog }: Panel, rows: readonly Row[]): Scale {
  const values = rows.flatMap(({ spread, bar }) => [spread?.max ?? 0, bar ?? 0]);
  const largest = Math.max(...values);
  const room = WIDTH - LABEL - RIGHT;
  if (!isLog) return (value) => (value / largest) * room;
  const smallest = Math.min(...rows.map(({ spread }) => spread?.min ?? largest)) / 2;
  const span = Math.log(largest / smallest);
  return (value) => (Math.log(Math.max(value, smallest) / smallest) / span) * room;
}

function line(row: Row, y: number, scale: Scale): string[] {
  const { spread, bar, mode, unit, title } = row;
  if (spread === null) return [];
  const [from, middle] = [LABEL, y + LINE / 2];
  const x = (value: number): number => from + scale(value);
  const width = Math.max(1, scale(spread.median)).toFixed(1);
  const value = `${number(spread.median)} ${unit}`;
  return [
    text({ x: from - 10, y: middle + 4, words: shortened(title), style: 'label' }),
    `<rect class="${MODE_CLASS[mode]}" x="${from}" y="${y + 4}" width="${width}" height="${LINE - 8}" rx="2"/>`,
    `<path class="range" d="M${x(spread.min).toFixed(1)} ${middle}H${x(spread.max).toFixed(1)}"/>`,
    bar === null ? '' : `<path class="bar" d="M${x(bar).toFixed(1)} ${y}v${LINE}"/>`,
    text({
      x: Math.max(x(spread.max), bar === null ? 0 : x(bar)) + 8,
      y: middle + 4,
      words: value,
      style: 'value',
    }),
  ];
}

function shortened(title: string): string {
  return title
    .replace(', over the bare sender', '')
    .replace('events accepted in batches of 100', 'events accepted')
    .replace('publish → arrival at ', '')
    .replace('10 of 100 endpoints hang: ', '10 of 100 hang, ')
    .replace('CPU per delivery, ', '');
}

function text({ x, y, words, style }: { x: number; y: number; words: string; style: string }): string {
  return `<text class="${style}" x="${x.toFixed(0)}" y="${y.toFixed(0)}">${words}</text>`;
}

function legend(): string {
  const [one, two] = [MODE_TITLES.embedded, MODE_TITLES.full];
  return [
    `<rect class="one" x="16" y="14" width="12" height="12" rx="2"/>`,
    text({ x: 34, y: 24, words: one, style: 'value' }),
    `<rect class="two" x="206" y="14" width="12" height="12" rx="2"/>`,
    text({ x: 224, y: 24, words: two, style: 'value' }),
    `<path class="bar" d="M392 12v16"/>`,
    text({ x: 402, y: 24, words: 'must be met', style: 'value' }),
    `<path class="range" d="M496 20h24"/>`,
    text({ x: 528, y: 24, words: 'smallest to largest round', style: 'value' }),
  ].join('\n');
}

/** Colours that hold on white and on black; text takes the scheme of the reader. */
const STYLE = `
text { font: 13px system-ui, sans-serif; fill: #24292f; }
.head { font-weight: 600; }
.label { text-anchor: end; }
.one { fill: #3f7fbf; }
.two { fill: #b5762a; }
.range { stroke: #24292f; stroke-width: 1.5; fill: none; opacity: 0.7; }
.bar { stroke: #c0392b; stroke-width: 2; fill: none; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .range { stroke: #e6edf3; }
  .bar { stroke: #ff7b6b; }
}
`;

function frame(height: number, parts: readonly string[]): string {
  const size = `viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}"`;
  const body = parts.filter((part) => part !== '').join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="Throughput, latency and CPU">\n<style>${STYLE}</style>\n${body}\n</svg>\n`;
}
