import { AppError } from '#libs/kernel';
import type { Profile } from './profile.js';
import { standardProfile } from './standard.profile.js';

const PROFILES: ReadonlyMap<string, Profile> = new Map(
  [standardProfile].map((profile) => [profile.name, profile]),
);

/** The profile of this name; `unknown_profile` otherwise. */
export function profileNamed(name: string): Profile {
  const profile = PROFILES.get(name);
  if (profile) return profile;
  const message = `must be one of: ${[...PROFILES.keys()].join(', ')}`;
  throw new AppError('invalid', 'unknown_profile', `The profile ${message}.`, {
    errors: [{ field: 'profile', message }],
  });
}
