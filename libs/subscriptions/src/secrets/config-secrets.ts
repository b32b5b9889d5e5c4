import { type ProfileConfig, profileNamed } from '#libs/signing';

/** Stands for what is not shown. */
export const MASK = '•••';

interface Spoken {
  readonly profile: string;
  readonly profileConfig?: ProfileConfig;
}

/** A config as it may be shown: what only its owner and his receiver know is masked. */
export function shownConfig(spoken: Spoken): Record<string, unknown> {
  return mapped(spoken, () => MASK);
}

/** A config that came back as it was shown, with what the mask stands for; there is nothing for a mask before that. */
export function unmaskedConfig(spoken: Spoken, before: ProfileConfig): Record<string, unknown> {
  return mapped(spoken, (value, name) => (value === MASK ? (before[name] ?? MASK) : value));
}

/** The texts that are masked. */
export function configSecrets({ profile, profileConfig = {} }: Spoken): string[] {
  const rules = profileNamed(profile).config;
  return Object.entries(profileConfig).flatMap(([name, value]) =>
    rules[name]?.isSecret === true && typeof value === 'string' ? [value] : [],
  );
}

function mapped(
  { profile, profileConfig = {} }: Spoken,
  change: (value: unknown, name: string) => unknown,
): Record<string, unknown> {
  const rules = profileNamed(profile).config;
  const entries = Object.entries(profileConfig).map(([name, value]) => {
    const isSecret = Object.hasOwn(rules, name) && rules[name]?.isSecret === true;
    return [name, isSecret ? change(value, name) : value];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}
