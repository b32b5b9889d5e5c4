import { Logger } from '@nestjs/common';
import { type Dialect, dialectOf, type ProfileChoice } from '#libs/signing';
import type { SubscriptionRow } from './directory-rows.js';

const logger = new Logger('SubscriptionDirectory');

export const STANDARD = dialectOf({ profile: 'standard' }, '');

/** How a row is spoken to; null if it says what this version of the platform cannot speak. */
export function dialectOfRow(row: SubscriptionRow): Dialect | null {
  const { id, profile, profile_config: profileConfig, signers, envelope, framing } = row;
  return dialectOfChoice({ profile, profileConfig, signers, envelope, framing }, id);
}

/** How a subscription that has chosen so is spoken to; null as above. */
export function dialectOfChoice(choice: ProfileChoice, id: string): Dialect | null {
  try {
    return dialectOf(choice, id);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown fault';
    logger.error(`Nothing can be sent to subscription ${id} in the profile ${choice.profile}: ${reason}`);
    return null;
  }
}
