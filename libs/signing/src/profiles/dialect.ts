import { AppError } from '#libs/kernel';
import { asciiEnvelope } from '../envelopes/ascii.envelope.js';
import type { Envelope } from '../envelopes/envelope.js';
import { ENVELOPES } from '../envelopes/envelopes.js';
import type { SecretFormat } from '../secrets/secret-format.js';
import { newSecret } from '../secrets/standard-secret.js';
import type { SignatureInput, Signer } from '../signers/signer.js';
import { type AddOnName, addOnSigner, checkAddOnSecret } from './add-ons.js';
import { choiceFaults, type ProfileChoice } from './choice.js';
import { filledIn } from './config-rules.js';
import type { BoundParts, Profile, Wanted } from './profile.js';
import { profileNamed } from './profiles.js';
import type { Transport } from './transport.js';

/** A profile as one subscription speaks it: to send, nothing has to be looked up or decided any more. */
export interface Dialect {
  readonly profile: string;
  /** Dialects with the same envelope make the same body of an event. */
  readonly envelope: Envelope;
  readonly transport: Transport;
  readonly secret: SecretFormat;
  readonly wants: Wanted;
  /** Its requests say the same of every event, so that one can stand for many. */
  readonly isThin: boolean;
  /** Content type, what tells of the event, signatures over exactly these bytes, and which attempt it is from the second on. */
  headers(input: SignatureInput): Record<string, string>;
  /** The names of those headers, in lower case. */
  headerNames(): ReadonlySet<string>;
}

/** Of no matter what: names of headers do not depend on the event. */
const ANY_EVENT = {
  id: '0'.repeat(32),
  tenantId: '0'.repeat(32),
  type: 'a.b',
  subject: 'any',
  timestamp: new Date(0),
};

/** Throws `unknown_profile`, or `validation_failed` with everything in the choice that cannot be. */
export function dialectOf(choice: ProfileChoice, subscriptionId: string): Dialect {
  const errors = choiceFaults(choice);
  if (errors.length > 0) {
    throw new AppError('invalid', 'validation_failed', 'The profile cannot be spoken like this.', { errors });
  }
  return isPlainStandard(choice) ? PLAIN_STANDARD : bind(choice, subscriptionId);
}

/** Most subscriptions speak exactly this; they share it, and with it the bodies of their events. */
const PLAIN_STANDARD = bind({ profile: 'standard' }, '');

function isPlainStandard({
  profile,
  profileConfig = {},
  signers = [],
  envelope,
  framing,
}: ProfileChoice): boolean {
  const isOwn = Object.keys(profileConfig).length > 0 || signers.length > 0;
  return profile === 'standard' && !isOwn && !envelope && !framing;
}

function bind(choice: ProfileChoice, subscriptionId: string): Dialect {
  const profile = profileNamed(choice.profile);
  const config = filledIn(profile.config, choice.profileConfig ?? {});
  const own = profile.parts({ config, subscriptionId });
  const envelope = envelopeOf(profile, own, choice);
  const context = { secret: own.secret, contentType: envelope.contentType, subscriptionId };
  const addOns = (choice.signers ?? []).map((name) => addOnSigner(name, context));
  const signers = [...own.signers, ...addOns];
  const secret = addOns.length > 0 ? readableByAddOns(own.secret, choice.signers ?? []) : own.secret;
  const headers = headersOf(envelope, signers, profile.retryHeaders);
  let names: ReadonlySet<string> | undefined;
  return {
    profile: profile.name,
    envelope,
    transport: choice.framing ? { ...own.transport, framing: choice.framing } : own.transport,
    secret,
    wants: own.wants,
    // Another signature would be over an event's id.
    isThin: envelope.isThin === true && addOns.length === 0,
    headers,
    headerNames: () => (names ??= namesOf(headers, secret)),
  };
}

/** A key that all signers of a dialect can read, also where an add-on wants what nobody would generate. */
function sampleKey(secret: SecretFormat): Buffer {
  try {
    return secret.parse(secret.generate());
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return Buffer.from(newSecret());
  }
}

/** Found out by signing something, so that no list has to be kept of what each signer and envelope sets. */
function namesOf(headers: Dialect['headers'], secret: SecretFormat): ReadonlySet<string> {
  const keys = [sampleKey(secret)];
  const signed = { id: 'any', timestamp: 0, body: Buffer.alloc(0), keys, url: '', event: ANY_EVENT };
  // A first attempt says less.
  const made = headers({ ...signed, attempt: 2 });
  return new Set(Object.keys(made).map((name) => name.toLowerCase()));
}

/** Another envelope changes the body; what the profile says in headers stays. */
function envelopeOf(profile: Profile, own: BoundParts, choice: ProfileChoice): Envelope {
  const ownHeaders = own.envelope.headers && { headers: own.envelope.headers };
  const chosen = choice.envelope ? { ...ENVELOPES[choice.envelope], ...ownHeaders } : own.envelope;
  return profile.isAscii === true ? asciiEnvelope(chosen) : chosen;
}

function headersOf(
  envelope: Envelope,
  signers: readonly Signer[],
  retryHeaders: Profile['retryHeaders'],
): Dialect['headers'] {
  const { contentType } = envelope;
  return (input) => {
    const headers: Record<string, string> = { 'Content-Type': input.contentType ?? contentType };
    if (envelope.headers !== undefined && input.event) Object.assign(headers, envelope.headers(input.event));
    for (const signer of signers) Object.assign(headers, signer.headers(input));
    const { attempt = 1 } = input;
    return attempt === 1
      ? headers
      : Object.assign(headers, markOf(attempt, headers), retryHeaders?.(attempt));
  };
}

/** Beside `webhook-id` alone: a format without it has no place for the number. */
function markOf(attempt: number, headers: Readonly<Record<string, string>>): Record<string, string> {
  return headers['webhook-id'] === undefined ? {} : { 'webhook-attempt': String(attempt) };
}

const readable = new Map<SecretFormat, Map<string, SecretFormat>>();

/** The profile's own format, and stricter: what an add-on could not sign with is refused. */
function readableByAddOns(secret: SecretFormat, names: readonly AddOnName[]): SecretFormat {
  const known = readable.get(secret) ?? new Map<string, SecretFormat>();
  readable.set(secret, known);
  const made = known.get(names.join()) ?? stricter(secret, names);
  known.set(names.join(), made);
  return made;
}

function stricter(secret: SecretFormat, names: readonly AddOnName[]): SecretFormat {
  return {
    ...secret,
    parse: (text) => {
      checkAddOnSecret(names, secret, text);
      return secret.parse(text);
    },
  };
}
