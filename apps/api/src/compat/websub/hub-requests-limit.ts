import { Injectable } from '@nestjs/common';
import { AddressLimit } from '../address-limit.js';

/** Requests of one address within a minute. */
export const MAX_HUB_REQUESTS = 60;

/** Keeps one address from filling the hub, in each process for itself. */
@Injectable()
export class HubRequestsLimit extends AddressLimit {
  constructor() {
    super(
      MAX_HUB_REQUESTS,
      `More than ${MAX_HUB_REQUESTS} requests came within a minute. Wait before the next one.`,
    );
  }
}
