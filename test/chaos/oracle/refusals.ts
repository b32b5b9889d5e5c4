import type { Book } from './book.js';

/** A server that stands still is waited for ten seconds to look up the key, and as long again to store the event. */
const BOUNDED_MS = 25_000;

/**
 * While something was away, publishers were told the truth: each request has an answer in a bounded time, and one that
 * is not 2xx is a 503 in words for programs that asks for another try within a second.
 */
export function requireHonestRefusals({ badAnswers, unanswered }: Book): void {
  if (unanswered > 0) throw new Error(`I9: ${unanswered} requests got no answer`);
  const dishonest = badAnswers.filter(
    ({ status, contentType, retryAfterSeconds, tookMs }) =>
      status !== 503 ||
      !contentType.startsWith('application/problem+json') ||
      retryAfterSeconds === null ||
      retryAfterSeconds > 1 ||
      tookMs > BOUNDED_MS,
  );
  if (dishonest.length > 0) {
    throw new Error(`I9: ${dishonest.length} wrong refusals, the first: ${JSON.stringify(dishonest[0])}`);
  }
}
