import ts from 'typescript';

export interface Import {
  readonly from: string;
  /** Names as exported by the source; 'default' and '*' included. Empty for a bare import or a call of import(). */
  readonly names: readonly string[];
  readonly isTypeOnly: boolean;
  readonly line: number;
}

const parsed = new Map<string, ts.SourceFile>();

export function parse(file: string, text: string): ts.SourceFile {
  const key = `${file}\n${text}`;
  const source = parsed.get(key) ?? ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
  parsed.set(key, source);
  return source;
}

export function lineOf(source: ts.SourceFile, node: ts.Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}

export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/** Every way in which a file names another module: import, export from, import type, import(), require(). */
export function importsOf(file: string, text: string): Import[] {
  const source = parse(file, text);
  const found: Import[] = [];
  walk(source, (node) => {
    const entry = importOf(node);
    if (entry) found.push({ ...entry, line: lineOf(source, node) });
  });
  return found;
}

function importOf(node: ts.Node): Omit<Import, 'line'> | null {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    return { from: node.moduleSpecifier.text, ...namesOfImport(node.importClause) };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
    return { from: node.moduleSpecifier.text, ...namesOfExport(node) };
  }
  if (
    ts.isImportTypeNode(node) &&
    ts.isLiteralTypeNode(node.argument) &&
    ts.isStringLiteral(node.argument.literal)
  ) {
    return { from: node.argument.literal.text, names: [], isTypeOnly: true };
  }
  if (!ts.isCallExpression(node)) return null;
  const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
  const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
  const [target] = node.arguments;
  if (!(isImport || isRequire) || !target || !ts.isStringLiteralLike(target)) return null;
  return { from: target.text, names: ['*'], isTypeOnly: false };
}

function namesOfImport(clause: ts.ImportClause | undefined): Pick<Import, 'names' | 'isTypeOnly'> {
  if (!clause) return { names: [], isTypeOnly: false };
  const names: string[] = clause.name ? ['default'] : [];
  let values = names.length;
  const { namedBindings } = clause;
  if (namedBindings && ts.isNamespaceImport(namedBindings)) {
    names.push('*');
    values += 1;
  }
  for (const element of namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements : []) {
    if (!element.isTypeOnly) {
      names.push((element.propertyName ?? element.name).text);
      values += 1;
    }
  }
  const isTypeOnly = clause.phaseModifier === ts.SyntaxKind.TypeKeyword || values === 0;
  return { names, isTypeOnly };
}

function namesOfExport(node: ts.ExportDeclaration): Pick<Import, 'names' | 'isTypeOnly'> {
  const clause = node.exportClause;
  if (!clause || !ts.isNamedExports(clause)) return { names: ['*'], isTypeOnly: node.isTypeOnly };
  const values = clause.elements.filter((element) => !element.isTypeOnly);
  return {
    names: values.map((element) => (element.propertyName ?? element.name).text),
    isTypeOnly: node.isTypeOnly || values.length === 0,
  };
}
