import type { FieldError } from '#libs/kernel';
import type { Envelope } from '../envelopes/envelope.js';
import type { HandshakeName } from '../handshakes/handshake.js';
import type { SecretFormat } from '../secrets/secret-format.js';
import type { Signer } from '../signers/signer.js';
import { configFaults, type ConfigRules, type ProfileConfig } from './config-rules.js';
import { transport as transportOf, type Transport } from './transport.js';

const PLAIN_TRANSPORT = transportOf();

/** For whom a profile's parts are made. */
export interface PartsContext<C> {
  readonly config: C;
  /** UUID. */
  readonly subscriptionId: string;
}

/** As much of an event as decides whether it is wanted. */
export interface WantedEvent {
  readonly type: string;
  readonly subject: string | undefined;
  readonly data: unknown;
}

/** Null: every event. */
export type Wanted = ((event: WantedEvent) => boolean) | null;

type Made<C, T> = T | ((context: PartsContext<C>) => T);

/** The four parts of a profile, each for itself or made from a subscription's `profileConfig`. */
export interface ProfileParts<C> {
  readonly name: string;
  /** For the documentation: who speaks it. */
  readonly says: string;
  /** The handshakes that a subscription may choose. */
  readonly handshakes: readonly HandshakeName[];
  /** The handshake of a subscription that names none; left out: `hmac` with a secret of its own, else `echo`. */
  readonly defaultHandshake?: HandshakeName;
  readonly config?: ConfigRules;
  /** What is wrong with fields together that are right each for itself. */
  readonly faults?: (config: Partial<C>) => readonly FieldError[];
  readonly signers: Made<C, readonly Signer[]>;
  readonly envelope: Made<C, Envelope>;
  readonly transport?: Made<C, Transport>;
  /** Which events of its types a subscription with this config wants; left out: all of them. */
  readonly wants?: (config: C) => Wanted;
  readonly secret: Made<C, SecretFormat>;
  /** Fields of its config that the platform fills in for a subscription that leaves them out. */
  readonly fromPlatform?: (publicUrl: URL | null) => ProfileConfig;
  /** How its requests say that they are made again, in headers of its own; `attempt` is 2 or more. */
  readonly retryHeaders?: (attempt: number) => Record<string, string>;
  /** Its receivers take JSON in ASCII alone. */
  readonly isAscii?: true;
  /** Its receivers know one body: another envelope would not be understood. */
  readonly isEnvelopeFixed?: true;
  /** Its receivers know one framing. */
  readonly isFramingFixed?: true;
  /** The signers that a subscription may not add, since they are there or their headers are taken. */
  readonly hasStandardSigner?: true;
}

/** A preset of handshake, signers, envelope and transport: everything that is said to a receiver. */
export interface Profile extends Omit<
  ProfileParts<never>,
  'config' | 'faults' | 'signers' | 'envelope' | 'transport' | 'wants' | 'secret'
> {
  readonly config: ConfigRules;
  /** Everything that is wrong with a config, with its place. */
  faultsOf(config: ProfileConfig): readonly FieldError[];
  /** The parts for one subscription, whose config has no faults. */
  parts(context: PartsContext<ProfileConfig>): BoundParts;
}

export interface BoundParts {
  readonly signers: readonly Signer[];
  readonly envelope: Envelope;
  readonly transport: Transport;
  readonly secret: SecretFormat;
  readonly wants: Wanted;
}

/** `C` is what the rules of `config` let through. */
export function defineProfile<C extends object = object>(parts: ProfileParts<C>): Profile {
  const {
    config = {},
    faults,
    signers,
    envelope,
    transport = PLAIN_TRANSPORT,
    secret,
    wants,
    ...rest
  } = parts;
  return {
    ...rest,
    config,
    faultsOf: (given) => {
      const each = configFaults(config, given);
      return each.length > 0 || faults === undefined ? each : faults(given as Partial<C>);
    },
    parts: ({ config: given, subscriptionId }) => {
      // Its rules are the only door for a config.
      const context = { config: given as C, subscriptionId };
      return {
        signers: made(signers, context),
        envelope: made(envelope, context),
        transport: made(transport, context),
        secret: made(secret, context),
        wants: wants?.(context.config) ?? null,
      };
    },
  };
}

function made<C, T extends object>(part: Made<C, T>, context: PartsContext<C>): T {
  return typeof part === 'function' ? (part as (context: PartsContext<C>) => T)(context) : part;
}
