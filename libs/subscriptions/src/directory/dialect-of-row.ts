import { Logger } from '@nestjs/common';
import { type Dialect, dialectOf } from '#libs/signing';
import type { SubscriptionRow } from './directory-rows.js';

const logger = new Logger('SubscriptionDirectory');

/** How a row is spoken to; null if it says what this version of the platform cannot speak. */
export function dialectOfRow(row: SubscriptionRow): Dialect | null {
  const { id, profile, profile_config: profileConfig, signers, envelope, framing } = row;
  try {
    return dialectOf({ profile, profileConfig, signers, envelope, framing }, id);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown fault';
    logger.error(`Nothing can be sent to subscription ${id}, whose profile is ${profile}: ${reason}`);
    return null;
  }
}
