import type { FieldError } from '#libs/kernel';
import { ENVELOPES, type EnvelopeName } from '../envelopes/envelopes.js';
import { ADD_ONS, type AddOnName } from './add-ons.js';
import type { ProfileConfig } from './config-rules.js';
import type { Profile } from './profile.js';
import { PROFILE_NAMES, profileNamed } from './profiles.js';
import { FRAMINGS, type Framing } from './transport.js';

/** What a subscription says about how it is spoken to; what is left out is as its profile has it. */
export interface ProfileChoice {
  readonly profile: string;
  readonly profileConfig?: ProfileConfig;
  /** Signatures beside the profile's own. */
  readonly signers?: readonly AddOnName[];
  readonly envelope?: EnvelopeName | null;
  readonly framing?: Framing | null;
}

const ENVELOPE_NAMES = Object.keys(ENVELOPES) as EnvelopeName[];

/** What each part of a choice can be. */
export const CHOICES = {
  profiles: PROFILE_NAMES,
  signers: ADD_ONS,
  envelopes: ENVELOPE_NAMES,
  framings: FRAMINGS,
} as const;

/** Everything in a choice that cannot be, with its place; the choice is what a caller sent. Throws `unknown_profile`. */
export function choiceFaults(choice: ProfileChoice): FieldError[] {
  const profile = profileNamed(choice.profile);
  const { profileConfig = {}, signers = [], envelope = null, framing = null } = choice;
  const faults = configFaults(profile, profileConfig);
  const add = (field: string, message: string | null): void => {
    if (message !== null) faults.push({ field, message });
  };
  add('signers', signersFault(profile, signers));
  add('envelope', envelope === null ? null : envelopeFault(profile, envelope));
  add('framing', framing === null ? null : framingFault(profile, framing));
  return faults;
}

function configFaults(profile: Profile, config: unknown): FieldError[] {
  const isObject = typeof config === 'object' && config !== null && !Array.isArray(config);
  return isObject
    ? [...profile.faultsOf(config as ProfileConfig)]
    : [{ field: 'profileConfig', message: 'must be an object' }];
}

function signersFault({ name, hasStandardSigner }: Profile, signers: unknown): string | null {
  if (!Array.isArray(signers)) return `must be a list of: ${ADD_ONS.join(', ')}`;
  if (signers.some((one) => !ADD_ONS.some((known) => known === one)))
    return `must be a list of: ${ADD_ONS.join(', ')}`;
  if (new Set(signers).size < signers.length) return 'must not name one twice';
  const isDouble = hasStandardSigner === true && signers.includes('standard');
  return isDouble ? `must not name standard: the profile ${name} signs so by itself` : null;
}

function envelopeFault({ name, isEnvelopeFixed }: Profile, envelope: unknown): string | null {
  if (!ENVELOPE_NAMES.some((known) => known === envelope))
    return `must be one of: ${ENVELOPE_NAMES.join(', ')}`;
  return isEnvelopeFixed === true
    ? `must be left out: receivers of the profile ${name} know one body alone`
    : null;
}

function framingFault({ name, isFramingFixed }: Profile, framing: unknown): string | null {
  if (!FRAMINGS.some((known) => known === framing)) return `must be one of: ${FRAMINGS.join(', ')}`;
  return isFramingFixed === true
    ? `must be left out: receivers of the profile ${name} know one framing alone`
    : null;
}
