import { readFileSync } from 'node:fs';

/** What a published or independent implementation makes of an input. */
export interface Vector {
  readonly profile: string;
  readonly name: string;
  /** Numbers are texts, too. */
  readonly input: Readonly<Record<string, string>>;
  readonly output: string;
}

interface VectorFile {
  readonly vectors: readonly (Omit<Vector, 'input'> & { readonly input: Record<string, string | number> })[];
}

const FILE = new URL('../vectors/protocol-vectors.json', import.meta.url);

/** All of `test/vectors/protocol-vectors.json`. */
export const VECTORS: readonly Vector[] = (JSON.parse(readFileSync(FILE, 'utf8')) as VectorFile).vectors.map(
  (vector) => ({ ...vector, input: textsOf(vector.input) }),
);

export function vectorsOf(profile: string): Vector[] {
  return VECTORS.filter((vector) => vector.profile === profile);
}

export function vectorNamed(profile: string, name: string): Vector {
  const found = vectorsOf(profile).find((vector) => vector.name === name);
  if (!found) throw new Error(`There is no vector "${name}" of ${profile}.`);
  return found;
}

function textsOf(input: Record<string, string | number>): Record<string, string> {
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, String(value)]));
}
