import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { AppError } from '#libs/kernel';
import { OutboundHttp } from '#libs/outbound-http';
import type { Caller } from '../caller.js';

/** Answers about URLs that were refused before a socket opened come on multiples of this. */
const GRID_MS = 1_000;
const GENERAL_ADVICE =
  'This URL is not allowed. Use http or https, a public host name or address, port 80 or 443, and no user name.';

export interface UrlRefused {
  readonly caller: Caller;
  /** performance.now() when the request came. */
  readonly startedAt: number;
  readonly errorType: string;
  readonly detail: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/**
 * Says no to URLs without saying why to whom it could help: names, addresses and ports of the operator's network
 * would show in the words or in the time that a refusal takes. The operator sees both, here and in the log.
 */
@Injectable()
export class UrlGate {
  private readonly logger = new Logger(UrlGate.name);

  constructor(private readonly outbound: OutboundHttp) {}

  /** The normal form of a URL; throws `url_not_allowed`. */
  async check(url: unknown, caller: Caller): Promise<string> {
    const startedAt = performance.now();
    const verdict = this.outbound.judgeUrl(typeof url === 'string' ? url : '');
    if (verdict.allowed) return verdict.url;
    throw await this.refusal({ caller, startedAt, errorType: verdict.errorType, detail: verdict.message });
  }

  /** The error to throw, once the time has come to answer. */
  async refusal({ caller, startedAt, errorType, detail, extensions }: UrlRefused): Promise<AppError> {
    this.logger.warn(`A URL of tenant ${caller.tenantId} was refused: ${errorType}: ${detail}`);
    if (caller.isOperator) return urlNotAllowed(detail, { errorType, ...extensions });
    const elapsed = performance.now() - startedAt;
    await pause(Math.ceil(elapsed / GRID_MS) * GRID_MS - elapsed);
    return urlNotAllowed(GENERAL_ADVICE);
  }
}

function urlNotAllowed(message: string, extensions?: Readonly<Record<string, unknown>>): AppError {
  return new AppError('invalid', 'url_not_allowed', message, {
    errors: [{ field: 'url', message }],
    ...(extensions && { extensions }),
  });
}
