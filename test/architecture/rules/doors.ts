import ts from 'typescript';
import { type SourceTree, type Violation, platformSources } from '../source-tree.js';
import { importsOf, lineOf, parse, walk } from '../syntax.js';

const HTTP_CLIENTS = /^(undici|axios|got|node-fetch|ky|superagent|ws|eventsource)(\/|$)/;
const NETWORK_MODULES = /^(node:)?(http|https|http2|net|tls|dgram|dns)(\/promises)?$/;
/** What these modules offer that opens no connection. */
const HARMLESS = new Set(['isIP', 'isIPv4', 'isIPv6', 'BlockList', 'STATUS_CODES', 'createServer']);
const GLOBAL_CLIENTS = new Set(['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest']);

/** Whatever leaves the process over HTTP goes through the one guarded client. */
export function outgoingHttpHasOneDoor(tree: SourceTree): Violation[] {
  return sources(tree, 'libs/outbound-http/').flatMap(([file, text]) => [
    ...networkImports(file, text),
    ...nodesThat(file, text, opensConnection, (name) => `${name} outside libs/outbound-http`),
  ]);
}

/** Settings are read once, in one place. */
export function environmentHasOneReader(tree: SourceTree): Violation[] {
  return sources(tree, 'libs/config/').flatMap(([file, text]) => [
    ...nodesThat(file, text, readsEnvironment, (name) => `${name} outside libs/config`),
    ...importsOf(file, text)
      .filter(({ from, names }) => /^(node:)?process$/.test(from) && names.includes('env'))
      .map(({ line }) => ({ file: `${file}:${line}`, message: 'process.env outside libs/config' })),
  ]);
}

/** Logs go through the logger, which redacts. */
export function nothingWritesToTheConsole(tree: SourceTree): Violation[] {
  const usesConsole = (node: ts.Node): string | null =>
    ts.isPropertyAccessExpression(node) && isName(node.expression, 'console')
      ? `console.${node.name.text}`
      : null;
  return sources(tree).flatMap(([file, text]) =>
    nodesThat(file, text, usesConsole, (name) => `${name}: use a logger`),
  );
}

function sources(tree: SourceTree, home = '\n'): [string, string][] {
  return platformSources(tree).filter(([file]) => !file.startsWith(home));
}

function networkImports(file: string, text: string): Violation[] {
  return importsOf(file, text)
    .filter(({ from, names, isTypeOnly }) => {
      if (isTypeOnly) return false;
      return (
        HTTP_CLIENTS.test(from) || (NETWORK_MODULES.test(from) && !names.every((name) => HARMLESS.has(name)))
      );
    })
    .map(({ from, line }) => ({
      file: `${file}:${line}`,
      message: `imports ${from} outside libs/outbound-http`,
    }));
}

function opensConnection(node: ts.Node): string | null {
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return null;
  const callee = node.expression;
  if (ts.isIdentifier(callee) && GLOBAL_CLIENTS.has(callee.text)) return callee.text;
  const isGlobal = ts.isPropertyAccessExpression(callee) && isName(callee.expression, 'globalThis');
  return isGlobal && GLOBAL_CLIENTS.has(callee.name.text) ? callee.name.text : null;
}

function readsEnvironment(node: ts.Node): string | null {
  if (ts.isPropertyAccessExpression(node)) {
    return isName(node.expression, 'process') && node.name.text === 'env' ? 'process.env' : null;
  }
  if (!ts.isElementAccessExpression(node) || !isName(node.expression, 'process')) return null;
  return ts.isStringLiteral(node.argumentExpression) && node.argumentExpression.text === 'env'
    ? 'process.env'
    : null;
}

function nodesThat(
  file: string,
  text: string,
  name: (node: ts.Node) => string | null,
  message: (name: string) => string,
): Violation[] {
  const source = parse(file, text);
  const found: Violation[] = [];
  walk(source, (node) => {
    const what = name(node);
    if (what !== null) found.push({ file: `${file}:${lineOf(source, node)}`, message: message(what) });
  });
  return found;
}

function isName(node: ts.Node, text: string): boolean {
  return ts.isIdentifier(node) && node.text === text;
}
