import { readFileSync } from 'node:fs';
import { load, YAML11_SCHEMA } from 'js-yaml';

export interface ComposeService {
  readonly image?: string;
  readonly build?: unknown;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly ports?: readonly string[];
  readonly networks?: readonly string[] | Readonly<Record<string, { readonly ipv4_address?: string }>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, unknown>>;
}

/** Reads docker-compose.yml as docker does: anchors merged, `${NAME:?what to do}` and `${NAME:-value}` filled in. */
export function readCompose(env: Readonly<Record<string, string>>): ComposeFile {
  const text = readFileSync('docker-compose.yml', 'utf8');
  return load(fillIn(text, env), { schema: YAML11_SCHEMA }) as ComposeFile;
}

/** The variables without which it does not start, each with the advice that its absence prints. */
export function requiredVariables(): ReadonlyMap<string, string> {
  const text = readFileSync('docker-compose.yml', 'utf8');
  return new Map(
    [...text.matchAll(/\$\{(\w+):\?([^}]*)\}/g)].map(([, name = '', advice = '']) => [name, advice]),
  );
}

function fillIn(text: string, env: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{(\w+):([?-])([^}]*)\}/g, (_all, name: string, kind: string, rest: string) => {
    const value = env[name];
    if (value) return value;
    if (kind === '-') return rest;
    throw new Error(`required variable ${name} is missing a value: ${rest}`);
  });
}
