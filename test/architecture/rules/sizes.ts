import ts from 'typescript';
import { type SourceTree, type Violation, platformSources } from '../source-tree.js';
import { lineOf, parse, walk } from '../syntax.js';

export const LIMITS = { fileLines: 300, functionLines: 50, dependencies: 5, exportedValues: 15 };

/** `file` or `file#function` that may be larger, with the reason. Empty is how it should be. */
export const LARGER: Readonly<Record<string, string>> = {
  'libs/deliveries/src/index.ts':
    'the engine, its logs, its feed and its reconciliation are served by three applications',
  'libs/subscriptions/src/index.ts': 'the API and its facades for other protocols are made of its services',
};

export function filesAreShort(tree: SourceTree): Violation[] {
  return ourCode(tree).flatMap(([file, text]) => {
    const lines = text.trimEnd().split('\n').length;
    return lines > LIMITS.fileLines && !LARGER[file]
      ? [{ file, message: `${lines} lines; the limit is 300` }]
      : [];
  });
}

/** A function that declares tests is a list; it is left to the limit of the file. */
export function functionsAreShort(tree: SourceTree): Violation[] {
  return ourCode(tree).flatMap(([file, text]) => {
    const source = parse(file, text);
    const found: Violation[] = [];
    walk(source, (node) => {
      if (!ts.isFunctionLike(node)) return;
      const lines = endLine(source, node) - lineOf(source, node) + 1;
      const name = node.name?.getText(source) ?? '(anonymous)';
      if (
        lines <= LIMITS.functionLines ||
        LARGER[`${file}#${name}`] ||
        (isTestFile(file) && declaresTests(node))
      )
        return;
      found.push({
        file: `${file}:${lineOf(source, node)}`,
        message: `${name} has ${lines} lines; the limit is 50`,
      });
    });
    return found;
  });
}

export function constructorsAreNarrow(tree: SourceTree): Violation[] {
  return platformSources(tree).flatMap(([file, text]) => {
    const source = parse(file, text);
    const found: Violation[] = [];
    walk(source, (node) => {
      if (!ts.isConstructorDeclaration(node) || node.parameters.length <= LIMITS.dependencies || LARGER[file])
        return;
      const message = `a constructor with ${node.parameters.length} parameters; the limit is 5`;
      found.push({ file: `${file}:${lineOf(source, node)}`, message });
    });
    return found;
  });
}

/** A library's index names what it offers, one by one, and not too much. */
export function indexesAreNarrow(tree: SourceTree): Violation[] {
  const indexes = [...tree].filter(([file]) => /^libs\/[^/]+\/src\/index\.ts$/.test(file));
  return indexes.flatMap(([file, text]) => {
    const source = parse(file, text);
    const values = source.statements.flatMap((statement) => exportedValues(statement));
    const found: Violation[] = [];
    if (values.includes('*')) found.push({ file, message: 'export * hides what the library offers' });
    if (values.length > LIMITS.exportedValues && !LARGER[file]) {
      found.push({ file, message: `${values.length} exported values; the limit is 15` });
    }
    return found;
  });
}

export function noDefaultExports(tree: SourceTree): Violation[] {
  return platformSources(tree, { specs: true }).flatMap(([file, text]) => {
    const source = parse(file, text);
    return source.statements
      .filter((statement) => ts.isExportAssignment(statement) || isDefault(statement))
      .map((statement) => ({
        file: `${file}:${lineOf(source, statement)}`,
        message: 'a default export; name it',
      }));
  });
}

function ourCode(tree: SourceTree): [string, string][] {
  return [...tree].filter(([file]) => /^(apps|libs|test|bench|scripts)\/.*\.(ts|mjs)$/.test(file));
}

function isTestFile(file: string): boolean {
  return file.startsWith('test/') || file.endsWith('.spec.ts');
}

function declaresTests(node: ts.Node): boolean {
  let found = false;
  walk(node, (inner) => {
    if (ts.isCallExpression(inner)) found ||= /^(test|it|describe)\b/.test(inner.expression.getText());
  });
  return found;
}

function endLine(source: ts.SourceFile, node: ts.Node): number {
  return source.getLineAndCharacterOfPosition(node.getEnd()).line + 1;
}

function exportedValues(statement: ts.Statement): string[] {
  if (!ts.isExportDeclaration(statement))
    return hasModifier(statement, ts.SyntaxKind.ExportKeyword) ? ['own'] : [];
  if (statement.isTypeOnly) return [];
  if (!statement.exportClause || !ts.isNamedExports(statement.exportClause)) return ['*'];
  return statement.exportClause.elements.filter(({ isTypeOnly }) => !isTypeOnly).map(({ name }) => name.text);
}

function isDefault(statement: ts.Statement): boolean {
  return hasModifier(statement, ts.SyntaxKind.DefaultKeyword);
}

function hasModifier(statement: ts.Statement, kind: ts.SyntaxKind): boolean {
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some((modifier) => modifier.kind === kind)
  );
}
