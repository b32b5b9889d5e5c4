import type { Principal } from './principal.js';

/** The part of an HTTP request that the guard reads and fills. */
export interface AuthenticatedRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  principal?: Principal;
  tenantId?: string;
}
