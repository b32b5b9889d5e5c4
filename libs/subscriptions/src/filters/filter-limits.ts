/** What a filter may cost: each is evaluated for every event of its subscription's types. */
export const FILTER_LIMITS = {
  /** As JSON. */
  bytes: 8_192,
  /** Of `all`, `any` and `not` inside each other. */
  depth: 8,
  clauses: 50,
  /** In one `in`. */
  values: 100,
  textLength: 512,
  pathLength: 256,
  pathSteps: 16,
} as const;
