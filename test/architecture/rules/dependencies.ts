import path from 'node:path';
import { type SourceTree, type Violation, platformSources } from '../source-tree.js';
import { type Import, importsOf } from '../syntax.js';
import { ALLOWED_LIBS, PACKAGE_HOMES, PACKAGES_OF_PURE_LIBS } from './layers.js';

/** `#libs/<name>` only where the table of layers allows it, and never past the index. */
export function importsGoDown(tree: SourceTree): Violation[] {
  return eachImport(tree, (file, { from }) => {
    if (!from.startsWith('#libs/')) return null;
    const [name = '', ...deeper] = from.slice('#libs/'.length).split('/');
    if (deeper.length > 0) return `reaches past the index of ${name}: ${from}`;
    const unit = unitOf(file);
    if (unit === `libs/${name}`) return `imports its own library as ${from}; use a relative path`;
    return ALLOWED_LIBS[unit]?.includes(name) ? null : `${unit} may not import ${from}`;
  });
}

/** Relative imports stay inside the unit; only apps/standalone takes the root modules of the other apps. */
export function relativeImportsStayHome(tree: SourceTree): Violation[] {
  return eachImport(tree, (file, { from }) => {
    if (!from.startsWith('.')) return null;
    const target = path.posix.join(path.posix.dirname(file), from);
    if (unitOf(target) === unitOf(file)) return null;
    if (file.endsWith('.spec.ts') && target.startsWith('test/support/')) return null;
    if (unitOf(file) === 'apps/standalone' && /^apps\/(\w+)\/src\/\1\.module\.js$/.test(target)) return null;
    return `leaves its folder: ${from}`;
  });
}

/** Pure libraries know Node and each other, no framework. */
export function pureLibsHaveNoFramework(tree: SourceTree): Violation[] {
  return eachImport(tree, (file, { from }) => {
    const allowed = PACKAGES_OF_PURE_LIBS[unitOf(file)];
    if (!allowed || file.endsWith('.spec.ts') || !isPackage(from)) return null;
    return allowed.includes(packageOf(from)) ? null : `a pure library may not import ${from}`;
  });
}

/** A package with one home is named nowhere else. */
export function packagesStayAtHome(tree: SourceTree): Violation[] {
  return eachImport(tree, (file, { from }) => {
    const name = packageOf(from).replace(/^@nestjs\/(typeorm)$/, '$1');
    const homes = isPackage(from) ? PACKAGE_HOMES[name] : undefined;
    if (!homes || homes.some((home) => file.startsWith(`${home}/`))) return null;
    return `${from} may be imported only in ${homes.join(', ')}`;
  });
}

/** No file needs itself, however long the way round; types may. */
export function noCycles(tree: SourceTree): Violation[] {
  const graph = new Map(platformSources(tree).map(([file, text]) => [file, valueTargets(file, text)]));
  const done = new Set<string>();
  const found: Violation[] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    const start = trail.indexOf(file);
    if (start >= 0)
      found.push({ file, message: `import cycle: ${[...trail.slice(start), file].join(' -> ')}` });
    if (start >= 0 || done.has(file)) return;
    for (const target of graph.get(file) ?? []) visit(target, [...trail, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}

function valueTargets(file: string, text: string): string[] {
  return importsOf(file, text)
    .filter(({ isTypeOnly }) => !isTypeOnly)
    .flatMap(({ from }) => {
      if (from.startsWith('#libs/')) return [`libs/${from.slice(6)}/src/index.ts`];
      if (!from.startsWith('.')) return [];
      return [path.posix.join(path.posix.dirname(file), from).replace(/\.js$/, '.ts')];
    });
}

function eachImport(tree: SourceTree, judge: (file: string, entry: Import) => string | null): Violation[] {
  return platformSources(tree, { specs: true }).flatMap(([file, text]) =>
    importsOf(file, text).flatMap((entry) => {
      const message = judge(file, entry);
      return message === null ? [] : [{ file: `${file}:${entry.line}`, message }];
    }),
  );
}

function unitOf(file: string): string {
  return file.split('/').slice(0, 2).join('/');
}

function isPackage(from: string): boolean {
  return !from.startsWith('.') && !from.startsWith('#') && !from.startsWith('node:');
}

function packageOf(from: string): string {
  return from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');
}
