import { escapeControls } from './mask-secrets.js';

const LEVELS = new Map([
  [10, '\u001b[90mTRACE\u001b[0m'],
  [20, '\u001b[36mDEBUG\u001b[0m'],
  [30, '\u001b[32mINFO \u001b[0m'],
  [40, '\u001b[33mWARN \u001b[0m'],
  [50, '\u001b[31mERROR\u001b[0m'],
  [60, '\u001b[41mFATAL\u001b[0m'],
]);
const OWN_PLACE = new Set(['level', 'time', 'msg', 'context', 'err', 'pid', 'hostname']);

/** One JSON log line as a person reads it in a terminal; nothing in it can control the terminal. */
export function humanLine(json: string): string {
  const entry = JSON.parse(json) as Record<string, unknown>;
  const time = new Date(Number(entry['time'])).toTimeString().slice(0, 8);
  const level = LEVELS.get(Number(entry['level'])) ?? 'LOG  ';
  const context = typeof entry['context'] === 'string' ? `[${escapeControls(entry['context'])}] ` : '';
  const head = `${time} ${level} ${context}${escapeControls(asText(entry['msg']))}`;
  return `${[head, ...detailsOf(entry)].join(' ')}${stackOf(entry['err'])}\n`;
}

function detailsOf(entry: Record<string, unknown>): string[] {
  return Object.entries(entry)
    .filter(([key]) => !OWN_PLACE.has(key))
    .map(([key, value]) => `\u001b[90m${escapeControls(key)}=${escapeControls(asText(value))}\u001b[0m`);
}

function stackOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('stack' in error)) return '';
  return `\n${escapeControls(asText(error.stack))}`;
}

function asText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
