import ts from 'typescript';
import { platformSources, readTree } from '../../architecture/source-tree.js';
import { parse, walk } from '../../architecture/syntax.js';

const WORD = /^[a-z]+(_[a-z0-9]+)*$/;
const sources = platformSources(readTree()).map(([file, text]) => parse(file, text));

/** Every code that an AppError is made with, also where it comes through a constant or a parameter. */
export function problemCodes(): string[] {
  return unique(sources.flatMap(madeIn).map(([, code]) => code));
}

/** Kind and code of every AppError that a request may be answered with; `libs/database` throws before there are any. */
export function answeredProblems(): (readonly [kind: string, code: string])[] {
  return sources.filter(({ fileName }) => !fileName.startsWith('libs/database/')).flatMap(madeIn);
}

function madeIn(source: ts.SourceFile): (readonly [kind: string, code: string])[] {
  const found: (readonly [string, string])[] = [];
  walk(source, (node) => {
    const [kind, code] = (isMadeHere(node) && node.arguments) || [];
    if (!kind || !code) return;
    for (const word of valuesOf(code)) found.push(...valuesOf(kind).map((one) => [one, word] as const));
  });
  return found;
}

/** The words of a union type, e.g. of `OutboundErrorType`. */
export function unionWords(name: string): string[] {
  const words: string[] = [];
  for (const source of sources) {
    walk(source, (node) => {
      if (ts.isTypeAliasDeclaration(node) && node.name.text === name) words.push(...literalsIn(node.type));
    });
  }
  if (words.length === 0) throw new Error(`there is no union type ${name}`);
  return words;
}

/** What stands in one file as the value of a member of this name, e.g. `errorType: 'status_5xx'`. */
export function memberWords(file: string, member: string): string[] {
  const source = sources.find(({ fileName }) => fileName === file);
  if (!source) throw new Error(`there is no ${file}`);
  const words: string[] = [];
  walk(source, (node) => {
    if (ts.isPropertyAssignment(node) && node.name.getText(source) === member) {
      words.push(...literalsIn(node.initializer));
    }
  });
  return unique(words);
}

/** The words that a function of this name is called with at one position, in all sources or in one file. */
export function argumentWords(name: string, position: number, file?: string): string[] {
  const words: string[] = [];
  for (const source of sources.filter(({ fileName }) => file === undefined || fileName === file)) {
    walk(source, (node) => {
      if (!ts.isCallExpression(node) || node.expression.getText(source) !== name) return;
      const argument = node.arguments[position];
      if (argument) words.push(...literalsIn(argument));
    });
  }
  return unique(words);
}

/** `new AppError(…)`, or `super(…)` in a class that extends it. */
function isMadeHere(node: ts.Node): node is ts.NewExpression | ts.CallExpression {
  if (ts.isNewExpression(node)) return node.expression.getText() === 'AppError';
  if (!ts.isCallExpression(node) || node.expression.kind !== ts.SyntaxKind.SuperKeyword) return false;
  const owner = ts.findAncestor(node, ts.isClassDeclaration);
  return (
    owner?.heritageClauses?.some(({ types }) => types.some((type) => type.getText() === 'AppError')) ?? false
  );
}

function valuesOf(expression: ts.Expression): string[] {
  if (!ts.isIdentifier(expression)) return literalsIn(expression);
  const owner = ts.findAncestor(expression, ts.isFunctionDeclaration);
  const position = owner?.parameters.findIndex(({ name }) => name.getText() === expression.text) ?? -1;
  return position < 0 ? constantWords(expression.text) : argumentWords(owner?.name?.text ?? '', position);
}

function constantWords(name: string): string[] {
  const words: string[] = [];
  for (const source of sources) {
    walk(source, (node) => {
      if (ts.isVariableDeclaration(node) && node.name.getText(source) === name && node.initializer) {
        words.push(...literalsIn(node.initializer));
      }
    });
  }
  if (words.length === 0) throw new Error(`the code of an AppError cannot be followed: ${name}`);
  return words;
}

function literalsIn(node: ts.Node): string[] {
  const words: string[] = [];
  walk(node, (inner) => {
    if (ts.isStringLiteral(inner) && WORD.test(inner.text)) words.push(inner.text);
  });
  return words;
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)].sort();
}
