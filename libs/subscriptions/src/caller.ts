/** Whose tenant it is. Every query carries it. */
export interface Owner {
  readonly tenantId: string;
}

/** One thing of a tenant; `id` is the UUID. */
export interface Owned extends Owner {
  readonly id: string;
}

/** Who asks for something that makes us call a URL. */
export interface Caller extends Owner {
  /** Counts for the rate limit; null for calls that no API key made. */
  readonly keyId: string | null;
  /** The platform's admin: sees why a URL is refused, and may do without a challenge. */
  readonly isOperator: boolean;
}
