/** A URL that passed the policy, taken apart once. */
export interface Target {
  readonly url: string;
  readonly origin: string;
  readonly isTls: boolean;
  /** Name or address, without brackets and without a trailing dot. */
  readonly host: string;
  readonly port: number;
  /** The part of every request's head that depends on nothing else; see `targetLines`. */
  readonly lines: string;
  readonly kind: HostKind;
  /** Names the connections to this origin that an owner has, and nobody else may use. */
  keyFor(owner: string): string;
}

/** An internal name is one that the operator listed; its addresses must be the operator's, too. */
export type HostKind = 'address' | 'localhost' | 'internal-name' | 'public-name';
