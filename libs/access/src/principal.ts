export const ROLES = ['viewer', 'manager', 'admin'] as const;
/** Each role may do what the ones before it may. */
export type Role = (typeof ROLES)[number];

/** Who makes a request. */
export interface Principal {
  readonly keyId: string;
  /** Null: the platform's operator. */
  readonly tenantId: string | null;
  readonly role: Role;
}

/** Whether a role may do what another one may. */
export function includesRole(role: Role, required: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(required);
}
