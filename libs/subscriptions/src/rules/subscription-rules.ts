import { Injectable } from '@nestjs/common';
import { AppConfig } from '#libs/config';
import { isEventTypeName } from '#libs/events';
import { AppError, type FieldError } from '#libs/kernel';
import { choiceFaults, type ProfileConfig, profileNamed } from '#libs/signing';
import type { Caller } from '../caller.js';
import { EventTypesService } from '../event-types/event-types.service.js';
import { invalidFields, unknownEventTypes } from '../subscriptions.errors.js';
import { isLoopbackHost } from './loopback.js';
import { settingsFaults } from './settings-rules.js';
import { shadowingFaults, type Speech } from './spoken-headers.js';
import type { SubscriptionChange } from './subscription-input.js';
import { UrlGate } from './url-gate.js';

const SUBSCRIPTIONS_PER_HOST = 100;

/** What a subscription may say. */
@Injectable()
export class SubscriptionRules {
  constructor(
    private readonly eventTypes: EventTypesService,
    private readonly gate: UrlGate,
    private readonly config: AppConfig,
  ) {}

  /** Checks every field that is there, but the URL; throws all faults together. */
  async check(caller: Caller, input: SubscriptionChange & { readonly verify?: unknown }): Promise<void> {
    const faults = [
      ...settingsFaults(input),
      ...profileFaults(input),
      ...handshakeFaults(input),
      ...verifyFaults(input.verify),
    ];
    if (faults.length > 0) throw invalidFields(faults);
    if (input.handshake === 'none' && !caller.isOperator) throw needsOperator();
    const names = new Set((input.eventTypes ?? []).filter(isEventTypeName));
    const unknown = await this.eventTypes.unknown(caller, [...names]);
    if (unknown.length > 0) throw unknownEventTypes(unknown);
  }

  /** Throws if headers of its own stand where its profile speaks; nothing else may be wrong with either. */
  checkHeaders(speech: Speech, headers: Readonly<Record<string, string>>): void {
    const faults = shadowingFaults(speech, headers);
    if (faults.length > 0) throw invalidFields(faults);
  }

  /** What a subscription of this profile says if it leaves everything out. */
  profileDefaults(profile: string): ProfileConfig {
    const { publicUrl } = this.config.http;
    return profileNamed(profile).fromPlatform?.(publicUrl === null ? null : new URL(publicUrl)) ?? {};
  }

  /** The normal form of a URL; throws `url_not_allowed`. */
  checkUrl(caller: Caller, url: string): Promise<string> {
    return this.gate.check(url, caller);
  }

  /** How many subscriptions of one tenant may lead to the host of this URL. */
  subscriptionsPerHost(url: string): number {
    return this.config.egress.allowLoopback && isLoopbackHost(new URL(url).hostname)
      ? Infinity
      : SUBSCRIPTIONS_PER_HOST;
  }
}

/** Only with a profile is it known what the rest of a choice means. */
function profileFaults({ profile, ...rest }: SubscriptionChange): FieldError[] {
  return profile === undefined ? [] : choiceFaults({ ...rest, profile });
}

function handshakeFaults({ profile, handshake }: SubscriptionChange): FieldError[] {
  if (handshake === undefined || profile === undefined) return [];
  const { handshakes } = profileNamed(profile);
  if (handshakes.includes(handshake)) return [];
  return [{ field: 'handshake', message: `must be one of: ${handshakes.join(', ')}` }];
}

function verifyFaults(verify: unknown): FieldError[] {
  if (verify === undefined || verify === 'now' || verify === 'later') return [];
  return [{ field: 'verify', message: 'must be now or later' }];
}

/** Without a challenge anybody could have events sent to a URL of somebody else. */
function needsOperator(): AppError {
  const message =
    'Only an admin key of the platform may subscribe a URL without a challenge. Use echo, hmac or ping.';
  return new AppError('forbidden', 'handshake_not_allowed', message, {
    errors: [{ field: 'handshake', message: 'none needs an admin key of the platform' }],
  });
}
