import { ApiProperty, ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { MAX_EVENT_TYPE_LENGTH, MAX_EVENT_TYPES_PER_SUBSCRIPTION } from '#libs/events';
import { HANDSHAKE_NAMES, type HandshakeName } from '#libs/signing';
import { SUBSCRIPTION_LIMITS } from '#libs/subscriptions';
import { IsEventTypePattern } from './event-type-pattern.js';
import { FILTER_DOCUMENTATION } from './filter.dto.js';
import { ProfileChoiceDto } from './profile-choice.dto.js';

const MAX_URL_LENGTH = 2048;
const MAX_SECRET_LENGTH = 256;

const URL_RULE = {
  message: `url must be a text of at most ${MAX_URL_LENGTH} characters like https://example.com/hooks`,
};
const TYPES_RULE = {
  message: `eventTypes must be a list of 1 to ${MAX_EVENT_TYPES_PER_SUBSCRIPTION} event types`,
};
const TIMEOUT_RULE = {
  message: `timeoutMs must be a whole number from ${SUBSCRIPTION_LIMITS.minTimeoutMs} to ${SUBSCRIPTION_LIMITS.maxTimeoutMs}`,
};
const IN_FLIGHT_RULE = {
  message: `maxInFlight must be a whole number from 1 to ${SUBSCRIPTION_LIMITS.inFlight}`,
};
const RATE_RULE = {
  message: `rateLimitPerSecond must be a whole number from 1 to ${SUBSCRIPTION_LIMITS.ratePerSecond}`,
};
const REVERIFY_RULE = {
  message: `reverifyEveryHours must be a whole number from 0 to ${SUBSCRIPTION_LIMITS.reverifyHours}`,
};
const SCHEDULE_RULE = {
  message: `scheduleSeconds must be a list of at most ${SUBSCRIPTION_LIMITS.retries} waits`,
};
const WAIT_RULE = {
  each: true,
  message: `scheduleSeconds must hold whole numbers from 0 to ${SUBSCRIPTION_LIMITS.retrySeconds}`,
};

/** When failed deliveries are tried again. */
export class RetryDto {
  @ApiPropertyOptional({
    description: 'The wait before each further attempt, in seconds; an empty list means one attempt alone.',
    type: 'array',
    items: { type: 'integer', minimum: 0, maximum: SUBSCRIPTION_LIMITS.retrySeconds },
    maxItems: SUBSCRIPTION_LIMITS.retries,
    example: [5, 60, 600],
  })
  @IsOptional()
  @IsArray(SCHEDULE_RULE)
  @ArrayMaxSize(SUBSCRIPTION_LIMITS.retries, SCHEDULE_RULE)
  @IsInt(WAIT_RULE)
  @Min(0, WAIT_RULE)
  @Max(SUBSCRIPTION_LIMITS.retrySeconds, WAIT_RULE)
  readonly scheduleSeconds?: number[];
}

export class CreateSubscriptionDto extends ProfileChoiceDto {
  @ApiProperty({
    description: 'Where events are sent. It must prove by a challenge that it wants them.',
    format: 'uri',
    maxLength: MAX_URL_LENGTH,
    example: 'https://example.com/hooks',
  })
  @IsString(URL_RULE)
  @MaxLength(MAX_URL_LENGTH, URL_RULE)
  readonly url!: string;

  @ApiProperty({
    description: 'Event types, `area.*` or `*`.',
    type: 'array',
    items: { type: 'string', maxLength: MAX_EVENT_TYPE_LENGTH },
    minItems: 1,
    maxItems: MAX_EVENT_TYPES_PER_SUBSCRIPTION,
    example: ['guestbook.*'],
  })
  @IsArray(TYPES_RULE)
  @ArrayNotEmpty(TYPES_RULE)
  @ArrayMaxSize(MAX_EVENT_TYPES_PER_SUBSCRIPTION, TYPES_RULE)
  @IsEventTypePattern({ each: true })
  readonly eventTypes!: string[];

  @ApiPropertyOptional({
    description:
      'As the profile wants it; by default `whsec_` and 24 to 64 bytes in base64. Left out: one is made and shown this one time.',
    maxLength: MAX_SECRET_LENGTH,
    writeOnly: true,
  })
  @ValidateIf((_, value) => value !== undefined)
  @IsString({ message: 'secret must be a text' })
  @MaxLength(MAX_SECRET_LENGTH, { message: `secret must have at most ${MAX_SECRET_LENGTH} characters` })
  readonly secret?: string;

  @ApiPropertyOptional({
    description:
      'How the URL proves that it wants events. Default: that of the profile; `hmac` with your own secret, else `echo`.',
    enum: HANDSHAKE_NAMES,
  })
  @ValidateIf((_, value) => value !== undefined)
  @IsIn(HANDSHAKE_NAMES, { message: `handshake must be one of ${HANDSHAKE_NAMES.join(', ')}` })
  readonly handshake?: HandshakeName;

  @ApiPropertyOptional({
    description: '`later`: it stays `pending` and gets nothing until `POST …/verify` succeeds.',
    enum: ['now', 'later'],
    default: 'now',
  })
  @ValidateIf((_, value) => value !== undefined)
  @IsIn(['now', 'later'], { message: 'verify must be now or later' })
  readonly verify?: 'now' | 'later';

  @ApiPropertyOptional({ type: String, maxLength: SUBSCRIPTION_LIMITS.descriptionLength, nullable: true })
  @IsOptional()
  @IsString({ message: 'description must be a text' })
  @MaxLength(SUBSCRIPTION_LIMITS.descriptionLength, {
    message: `description must have at most ${SUBSCRIPTION_LIMITS.descriptionLength} characters`,
  })
  readonly description?: string | null;

  @ApiPropertyOptional({
    description: 'Headers that every delivery carries beside our own.',
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { 'x-team': 'payments' },
  })
  @ValidateIf((_, value) => value !== undefined)
  @IsObject({ message: 'headers must be an object of texts' })
  readonly headers?: Record<string, string>;

  @ApiPropertyOptional({
    type: RetryDto,
    nullable: true,
    description: 'Null or left out: the schedule of the platform.',
  })
  @IsOptional()
  @ValidateNested({ message: 'retry must be an object' })
  @Type(() => RetryDto)
  readonly retry?: RetryDto | null;

  @ApiPropertyOptional({ ...FILTER_DOCUMENTATION, nullable: true })
  @IsOptional()
  @IsObject({ message: 'filter must be an object like {"path": "data.status", "equals": "paid"}' })
  readonly filter?: Record<string, unknown> | null;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: SUBSCRIPTION_LIMITS.minTimeoutMs,
    maximum: SUBSCRIPTION_LIMITS.maxTimeoutMs,
    default: 15_000,
  })
  @ValidateIf((_, value) => value !== undefined)
  @IsInt(TIMEOUT_RULE)
  @Min(SUBSCRIPTION_LIMITS.minTimeoutMs, TIMEOUT_RULE)
  @Max(SUBSCRIPTION_LIMITS.maxTimeoutMs, TIMEOUT_RULE)
  readonly timeoutMs?: number;

  @ApiPropertyOptional({
    description: 'Requests to it at the same time. Null or left out: the default of the platform.',
    type: 'integer',
    minimum: 1,
    maximum: SUBSCRIPTION_LIMITS.inFlight,
    nullable: true,
  })
  @IsOptional()
  @IsInt(IN_FLIGHT_RULE)
  @Min(1, IN_FLIGHT_RULE)
  @Max(SUBSCRIPTION_LIMITS.inFlight, IN_FLIGHT_RULE)
  readonly maxInFlight?: number | null;

  @ApiPropertyOptional({
    description: 'Requests to it in any second, retries included. Null or left out: no such limit.',
    type: 'integer',
    minimum: 1,
    maximum: SUBSCRIPTION_LIMITS.ratePerSecond,
    nullable: true,
  })
  @IsOptional()
  @IsInt(RATE_RULE)
  @Min(1, RATE_RULE)
  @Max(SUBSCRIPTION_LIMITS.ratePerSecond, RATE_RULE)
  readonly rateLimitPerSecond?: number | null;

  @ApiPropertyOptional({
    description:
      'Hours after which its URL is challenged again; 0: never. Null or left out: as the platform does.',
    type: 'integer',
    minimum: 0,
    maximum: SUBSCRIPTION_LIMITS.reverifyHours,
    nullable: true,
  })
  @IsOptional()
  @IsInt(REVERIFY_RULE)
  @Min(0, REVERIFY_RULE)
  @Max(SUBSCRIPTION_LIMITS.reverifyHours, REVERIFY_RULE)
  readonly reverifyEveryHours?: number | null;
}

/** What is left out stays as it is. */
export class PatchSubscriptionDto extends PartialType(OmitType(CreateSubscriptionDto, ['secret', 'verify']), {
  skipNullProperties: false,
}) {}

export class RotateSecretDto {
  @ApiPropertyOptional({
    description: 'How long the secret before stays valid beside the new one.',
    type: 'integer',
    minimum: 0,
    maximum: 604_800,
    default: 86_400,
  })
  @ValidateIf((_, value) => value !== undefined)
  @IsInt({ message: 'overlapSeconds must be a whole number from 0 to 604800' })
  @Min(0, { message: 'overlapSeconds must be a whole number from 0 to 604800' })
  @Max(604_800, { message: 'overlapSeconds must be a whole number from 0 to 604800' })
  readonly overlapSeconds?: number;

  @ApiPropertyOptional({ description: 'Your own new secret. Left out: one is made.', writeOnly: true })
  @ValidateIf((_, value) => value !== undefined)
  @IsString({ message: 'secret must be a text that begins with whsec_' })
  @MaxLength(MAX_SECRET_LENGTH, { message: `secret must have at most ${MAX_SECRET_LENGTH} characters` })
  readonly secret?: string;
}

export class SendTestDto {
  @ApiPropertyOptional({ description: 'The type that the test event has.', maxLength: MAX_EVENT_TYPE_LENGTH })
  @ValidateIf((_, value) => value !== undefined)
  @IsString({ message: 'eventType must be a text' })
  @MaxLength(MAX_EVENT_TYPE_LENGTH, {
    message: `eventType must have at most ${MAX_EVENT_TYPE_LENGTH} characters`,
  })
  readonly eventType?: string;
}
