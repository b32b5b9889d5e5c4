import { expect, test } from 'vitest';
import { type Rule, readTree } from './source-tree.js';

let realTree: ReturnType<typeof readTree> | null = null;

interface Proof {
  /** Files with their text; null takes an allowed file away. */
  readonly planted: Readonly<Record<string, string | null>>;
  /** 'file: message' of the one violation that the planted files must cause. */
  readonly violation: RegExp;
}

/**
 * A rule is kept by the real sources, and it is no paper tiger: each planted violation is found, exactly once,
 * while `allowed`, which looks much like it, is not.
 */
export function proveRule(
  name: string,
  rule: Rule,
  {
    proofs,
    allowed = {},
  }: { proofs: readonly [Proof, ...Proof[]]; allowed?: Readonly<Record<string, string>> },
): void {
  test(`${name}: kept by the sources`, () => {
    realTree ??= readTree();
    expect(report(rule, realTree)).toEqual([]);
  });

  test.each(proofs)(`${name}: a planted violation is found, $violation`, ({ planted, violation }) => {
    const files = Object.entries({ ...allowed, ...planted });
    const found = report(rule, new Map(files.filter((file): file is [string, string] => file[1] !== null)));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(violation);
  });

  test(`${name}: what is allowed passes`, () => {
    expect(report(rule, new Map(Object.entries(allowed)))).toEqual([]);
  });
}

function report(rule: Rule, tree: ReadonlyMap<string, string>): string[] {
  return rule(tree).map(({ file, message }) => `${file}: ${message}`);
}
