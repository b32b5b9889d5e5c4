import ts from 'typescript';
import { type SourceTree, type Violation, platformSources } from '../source-tree.js';
import { lineOf, parse, walk } from '../syntax.js';

/** Words that say nothing about what a thing does. */
const EMPTY_WORDS = new Set(['manager', 'helper', 'helpers', 'util', 'utils', 'common', 'base', 'impl']);

export function filesAreNamedForWhatTheyDo(tree: SourceTree): Violation[] {
  return [...tree.keys()]
    .filter((file) => /^(apps|libs|test|bench|scripts)\//.test(file))
    .flatMap((file) => {
      const word = file.split(/[/.-]/).find((part) => EMPTY_WORDS.has(part.toLowerCase()));
      if (word) return [{ file, message: `the word "${word}" in a name says nothing` }];
      return /^(apps|libs)\/.*\.ts$/.test(file) && /[A-Z]/.test(file)
        ? [{ file, message: 'not in kebab-case' }]
        : [];
    });
}

export function typesAreNamedForWhatTheyDo(tree: SourceTree): Violation[] {
  return platformSources(tree, { specs: true }).flatMap(([file, text]) => {
    const source = parse(file, text);
    const found: Violation[] = [];
    walk(source, (node) => {
      const fault = faultOfName(node);
      if (fault !== null) found.push({ file: `${file}:${lineOf(source, node)}`, message: fault });
    });
    return found;
  });
}

/** Tables and classes are called by the glossary's words; what we send is a delivery, who wants it a subscription. */
export function tablesUseTheGlossary(tree: SourceTree): Violation[] {
  return platformSources(tree).flatMap(([file, text]) =>
    [...text.matchAll(/(?:CREATE TABLE (?:IF NOT EXISTS )?|@Entity\((?:\{[^}]*name: )?['"])([\w.]+)/g)]
      .map(([, table = '']) => table)
      .filter((table) => /webhook/i.test(table) || table.split(/[._]/).some((word) => EMPTY_WORDS.has(word)))
      .map((table) => ({ file, message: `table ${table} is not in the glossary's words` })),
  );
}

function faultOfName(node: ts.Node): string | null {
  const isClass = ts.isClassDeclaration(node);
  const isInterface = ts.isInterfaceDeclaration(node);
  if (!isClass && !isInterface && !ts.isTypeAliasDeclaration(node)) return null;
  const name = node.name?.text ?? '';
  const word = name.match(/[A-Z][a-z0-9]*/g)?.find((part) => EMPTY_WORDS.has(part.toLowerCase()));
  if (word) return `the word "${word}" in ${name} says nothing`;
  if (isInterface && /^I[A-Z][a-z]/.test(name)) return `${name}: an interface needs no prefix`;
  return isClass && /webhook/i.test(name) ? `${name}: the glossary has better words than webhook` : null;
}
