import { Injectable } from '@nestjs/common';
import { AddressLimit } from '../address-limit.js';

/** Failed logins of one address within a minute, after which it has to wait. */
export const MAX_FAILED_LOGINS = 20;

/** Slows guessing down, in each process for itself. */
@Injectable()
export class FailedLogins extends AddressLimit {
  constructor() {
    super(
      MAX_FAILED_LOGINS,
      `More than ${MAX_FAILED_LOGINS} logins failed within a minute. Wait before the next one.`,
    );
  }
}
