import type { FieldError } from '#libs/kernel';

/** One field of a profile's `profileConfig`. */
export interface ConfigField {
  /** For the documentation: what it is. */
  readonly says: string;
  readonly isRequired?: true;
  /** Only its owner and his receiver know it: it is shown to nobody. */
  readonly isSecret?: true;
  /** What it is if it is left out. */
  readonly fallback?: string | number | boolean;
  /** What is wrong with a value, or null. */
  fault(value: unknown): string | null;
}

export type ConfigRules = Readonly<Record<string, ConfigField>>;
export type ProfileConfig = Readonly<Record<string, unknown>>;

type Options = Pick<ConfigField, 'isRequired' | 'isSecret' | 'fallback'>;

export const REQUIRED = { isRequired: true } as const;
export const SECRET = { isSecret: true } as const;

/** A text that matches; `must` says what it must be. */
export function text(
  says: string,
  rule: { readonly pattern: RegExp; readonly must: string },
  options: Options = {},
): ConfigField {
  const fault = (value: unknown): string | null =>
    typeof value === 'string' && rule.pattern.test(value) ? null : `must be ${rule.must}`;
  return { says, fault, ...options };
}

export function oneOf(says: string, values: readonly string[], options: Options = {}): ConfigField {
  const fault = (value: unknown): string | null =>
    typeof value === 'string' && values.includes(value) ? null : `must be one of: ${values.join(', ')}`;
  return { says, fault, ...options };
}

/** A list of some of these. */
export function someOf(says: string, values: readonly string[]): ConfigField {
  const isKnown = (item: unknown): boolean => typeof item === 'string' && values.includes(item);
  const fault = (value: unknown): string | null =>
    Array.isArray(value) && value.length > 0 && value.every(isKnown)
      ? null
      : `must be a list of: ${values.join(', ')}`;
  return { says, fault };
}

export function flag(says: string): ConfigField {
  return { says, fault: (value) => (typeof value === 'boolean' ? null : 'must be true or false') };
}

export function wholeNumber(says: string, max: number): ConfigField {
  const fault = (value: unknown): string | null =>
    Number.isInteger(value) && (value as number) >= 1 && (value as number) <= max
      ? null
      : `must be a whole number from 1 to ${max}`;
  return { says, fault };
}

/** Printable ASCII without quotes and backslashes, up to 256 characters: safe in any header, form and log. */
export const PLAIN = {
  pattern: /^[\x20\x21\x23-\x5b\x5d-\x7e]{1,256}$/,
  must: 'a text of 1 to 256 printable ASCII characters without " and \\',
};
/** Any text in any script, up to 1024 characters. */
export const ANY_TEXT = { pattern: /^[^\p{Cc}]{0,1024}$/u, must: 'a text of at most 1024 characters' };
export const DIGITS = { pattern: /^\d{1,20}$/, must: 'a text of 1 to 20 digits' };
export const HTTP_URL = {
  pattern: /^https?:\/\/[\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]{1,2000}$/,
  must: 'an http or https URL',
};
/** Not those that frame or route a message. */
export const HEADER_NAME = {
  pattern:
    /^(?!(?:host|connection|content-(?:type|length|encoding)|transfer-encoding|expect|te|trailer|upgrade|keep-alive|date|via|cookie2?)$)[a-z][a-z0-9-]{0,63}$/i,
  must: 'a header name that is not one of HTTP itself',
};

/** Everything that is wrong with a config, each fault with its place; fields that nobody reads are faults too. */
export function configFaults(rules: ConfigRules, config: ProfileConfig): FieldError[] {
  const unknown = Object.keys(config).filter((name) => !Object.hasOwn(rules, name));
  const known = Object.keys(rules).join(', ');
  const hint = known === '' ? 'this profile has no fields' : `is not one of: ${known}`;
  return [
    ...unknown.map((name) => ({ field: `profileConfig.${name.slice(0, 64)}`, message: hint })),
    ...Object.entries(rules).flatMap(([name, field]): FieldError[] => {
      const value = Object.hasOwn(config, name) ? config[name] : undefined;
      const message =
        value === undefined ? (field.isRequired ? `is missing: ${field.says}` : null) : field.fault(value);
      return message === null ? [] : [{ field: `profileConfig.${name}`, message }];
    }),
  ];
}

/** The config with what it leaves out filled in. */
export function filledIn(rules: ConfigRules, config: ProfileConfig): ProfileConfig {
  const fallbacks = Object.entries(rules).flatMap(([name, { fallback }]) =>
    fallback === undefined ? [] : [[name, fallback] as const],
  );
  return { ...Object.fromEntries(fallbacks), ...config };
}
