import { HttpException } from '@nestjs/common';
import { isTransientDatabaseError } from '#libs/database';
import { AppError, type ErrorKind, type FieldError } from '#libs/kernel';

/** An RFC 9457 problem document. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly code: string;
  readonly errors?: readonly FieldError[];
  readonly [extension: string]: unknown;
}

export interface ProblemAnswer {
  readonly problem: Problem;
  readonly retryAfterSeconds?: number;
  /** Our own fault: the cause belongs into the log and never into the answer. */
  readonly isOurFault: boolean;
}

/** Where a code is explained; relative, so that it is the same text behind any host name. */
const PROBLEM_TYPE_PREFIX = '/docs/problems/';

const STATUS_OF: Readonly<Record<ErrorKind, number>> = {
  malformed: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  precondition_failed: 412,
  too_large: 413,
  invalid: 422,
  rate_limited: 429,
  unavailable: 503,
};

/** What Fastify and Nest say by themselves, in our words. */
const OF_STATUS: Readonly<Record<number, readonly [code: string, detail: string]>> = {
  400: ['malformed_request', 'The request could not be read. Check its URL, headers and body.'],
  401: ['unauthorized', 'Send an API key: `Authorization: Bearer bhk_…`.'],
  // Our own guards say why they refuse; the only other one is Nest's protection against forged requests.
  403: ['cross_site_request', 'Another site made the browser send this. Use the page itself.'],
  404: ['not_found', 'There is nothing at this address.'],
  405: ['method_not_allowed', 'This address does not know this method; `Allow` names those it knows.'],
  408: ['request_timeout', 'The request took too long to arrive. Send it again.'],
  413: ['payload_too_large', 'The body is larger than this endpoint takes.'],
  414: ['not_found', 'There is nothing at this address.'],
  415: ['unsupported_media_type', 'Send the body as `Content-Type: application/json`.'],
  429: ['rate_limited', 'Too many requests. Wait for the seconds in `Retry-After`.'],
};

const INTERNAL = 'Something went wrong on our side. The log has the cause under this requestId.';
const DATABASE_AWAY = 'The database cannot be reached right now. Send the request again in a moment.';

/** The document for a code, with the title that belongs to the code. */
export function problemOf(status: number, code: string, detail?: string): Problem {
  const words = code.replaceAll('_', ' ');
  const title = words.charAt(0).toUpperCase() + words.slice(1);
  return { type: `${PROBLEM_TYPE_PREFIX}${code}`, title, status, ...(detail && { detail }), code };
}

/** Whatever was thrown, as the caller may see it. */
export function answerTo(error: unknown): ProblemAnswer {
  if (error instanceof AppError) return answerToOurs(error);
  if (isTransientDatabaseError(error)) {
    return { problem: problemOf(503, 'unavailable', DATABASE_AWAY), retryAfterSeconds: 1, isOurFault: true };
  }
  const status = statusOf(error);
  const [code, detail] = OF_STATUS[status] ?? [];
  if (code === undefined) return { problem: problemOf(500, 'internal_error', INTERNAL), isOurFault: true };
  return { problem: problemOf(status === 414 ? 404 : status, code, detail), isOurFault: false };
}

function answerToOurs(error: AppError): ProblemAnswer {
  const { errors, extensions, retryAfterSeconds } = error;
  const base = problemOf(STATUS_OF[error.kind], error.code, error.message);
  return {
    problem: { ...extensions, ...base, ...(errors.length > 0 && { errors }) },
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    isOurFault: false,
  };
}

/** The status of Nest's and Fastify's own errors; everything else is a 500. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  if (!(error instanceof Error) || !('statusCode' in error)) return 500;
  return error.name === 'FastifyError' && typeof error.statusCode === 'number' ? error.statusCode : 500;
}
