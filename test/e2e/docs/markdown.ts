import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { NOT_SOURCE } from '../../architecture/source-tree.js';

export interface Block {
  /** The language, e.g. `sh`. */
  readonly language: string;
  /** The word behind it: `run`, `background`, `output`, `check`, or nothing. */
  readonly role: string;
  readonly text: string;
  /** Where it begins, as `README.md:12`. */
  readonly place: string;
}

const FENCE = /^```(\S*)(?: (\S+))?\n([^]*?)^```$/gm;
const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;

/** Every Markdown file that is ours, by its path from the root. */
export function markdownFiles(folder = ''): string[] {
  return readdirSync(folder || '.', { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    if (NOT_SOURCE.includes(name)) return [];
    if (entry.isDirectory()) return markdownFiles(name);
    return name.endsWith('.md') ? [name] : [];
  });
}

export function blocksOf(file: string): Block[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(FENCE)].map(({ 1: language = '', 2: role = '', 3: body = '', index }) => {
    const place = `${file}:${text.slice(0, index).split('\n').length}`;
    return { language, role, text: body, place };
  });
}

/** Targets of links and pictures, without those in code. */
export function linksOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
    .replace(FENCE, '')
    .replace(/`[^`\n]*`/g, '');
  return [...text.matchAll(LINK)].map(([, target = '']) => target);
}

/** The anchors that GitHub gives to the headings of a file. */
export function anchorsOf(file: string): string[] {
  const headings = readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The cells of every row of the tables in a text, without their heads. */
export function tableRows(text: string): string[][] {
  const lines = text.split('\n');
  const isRow = (line: string | undefined): boolean => line?.startsWith('|') ?? false;
  const isRule = (line: string | undefined): boolean => /^\|[ :|-]+\|$/.test(line ?? '');
  return lines
    .filter((line, at) => isRow(line) && !isRule(line) && !isRule(lines[at + 1]))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

/** Words in backticks that stand in the first column of the tables under a heading. */
export function describedUnder(file: string, heading: string): string[] {
  const [, section = ''] = readFileSync(file, 'utf8').split(`\n${heading}\n`);
  const [own = ''] = section.split(/^#{1,2} /m);
  return tableRows(own).flatMap(([cell = '']) =>
    [...cell.matchAll(/`([a-z0-9_]+)`/g)].map(([, word = '']) => word),
  );
}
