/** The bounds of a subscription's settings: the rules enforce them, the API's documentation shows them. */
export const SUBSCRIPTION_LIMITS = {
  descriptionLength: 512,
  minTimeoutMs: 1_000,
  maxTimeoutMs: 30_000,
  inFlight: 500,
  ratePerSecond: 10_000,
  reverifyHours: 8_760,
  retries: 30,
  retrySeconds: 86_400,
} as const;
