import { AppError } from '#libs/kernel';

/** The broker cannot be had or has no room. The work is still in PostgreSQL and will be published again. */
export class BrokerUnavailableError extends AppError {
  constructor(message: string, cause?: unknown) {
    super('unavailable', 'broker_unavailable', message, { retryAfterSeconds: 5, cause });
    this.name = 'BrokerUnavailableError';
  }
}
