import type { BellhopEvent } from '#libs/events';
import type { Envelope } from '../envelopes/envelope.js';
import type { HandshakeName } from '../handshakes/handshake.js';
import type { SignatureInput, Signer } from '../signers/signer.js';

/** How the bytes travel. */
export interface Transport {
  readonly framing: 'content-length' | 'chunked';
  /** Whether a status means that the receiver took the event. */
  accepts(status: number): boolean;
}

/** How a profile's secret is made and read. */
export interface SecretFormat {
  generate(): string;
  /** The key bytes of a secret; throws `invalid_secret`. */
  parse(secret: string): Buffer;
}

/** The four parts of a profile; each can be had without the others. */
export interface ProfileParts {
  readonly name: string;
  /** The handshakes that a subscription of this profile may choose. */
  readonly handshakes: readonly HandshakeName[];
  readonly signers: readonly Signer[];
  readonly envelope: Envelope;
  readonly transport: Transport;
  readonly secret: SecretFormat;
}

/** A preset of handshake, signers, envelope and transport: everything that is said to a receiver. */
export interface Profile extends ProfileParts {
  body(event: BellhopEvent): Buffer;
  /** Content type and signatures over exactly these bytes. */
  headers(input: SignatureInput): Record<string, string>;
}

export function defineProfile(parts: ProfileParts): Profile {
  const { signers, envelope } = parts;
  return {
    ...parts,
    body: (event) => envelope.body(event),
    headers: (input) => {
      const headers: Record<string, string> = { 'content-type': envelope.contentType };
      for (const signer of signers) Object.assign(headers, signer.headers(input));
      return headers;
    },
  };
}
