import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Path from the repository's root, with '/', to the text. Rules are functions of it, so a violation can be planted. */
export type SourceTree = ReadonlyMap<string, string>;

export interface Violation {
  readonly file: string;
  readonly message: string;
}

export type Rule = (tree: SourceTree) => Violation[];

/** What tools and runs leave behind; none of it is in a fresh clone. */
export const NOT_SOURCE = [
  '.git',
  'node_modules',
  'dist',
  'data',
  '.cache',
  'coverage',
  'test-results',
  '.env',
];

const BINARY = /\.(png|jpe?g|gif|ico|woff2?|webp|gz)$/;

export function readTree(root = process.cwd()): SourceTree {
  const tree = new Map<string, string>();
  const visit = (folder: string): void => {
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (NOT_SOURCE.includes(name) || /\.(log|tmp|old)$/.test(name)) continue;
      if (entry.isDirectory()) visit(name);
      else if (!BINARY.test(name)) tree.set(name, readFileSync(path.join(root, name), 'utf8'));
    }
  };
  visit('');
  return tree;
}

/** The platform's own TypeScript: what runs in production, with or without the specs beside it. */
export function platformSources(tree: SourceTree, { specs = false } = {}): [file: string, text: string][] {
  return [...tree].filter(
    ([file]) =>
      /^(apps|libs)\/.*\.ts$/.test(file) && !/\/public\//.test(file) && (specs || !file.endsWith('.spec.ts')),
  );
}
