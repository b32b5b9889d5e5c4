/** The members of a DTO as a plain object, ready to be spread into another one. */
export function membersOf<T extends object>(dto: T): { readonly [K in keyof T]: T[K] } {
  return dto;
}
