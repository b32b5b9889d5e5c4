import { ApiProperty } from '@nestjs/swagger';
import { ID_PREFIX, toTypeId } from '#libs/kernel';
import type {
  CreatedSubscription,
  ProbeVerdict,
  SubscriptionStatus,
  SubscriptionView,
} from '#libs/subscriptions';
import { membersOf } from '../http/members-of.js';
import { PageOf } from '../http/page.dto.js';
import { FILTER_DOCUMENTATION } from './filter.dto.js';
import { RetryDto } from './subscription-input.dto.js';

const STATUSES: readonly SubscriptionStatus[] = ['pending', 'active', 'paused', 'disabled'];
const PROBE_VERDICTS: readonly ProbeVerdict[] = ['yes', 'no', 'unknown'];

/** Tells live secrets apart without showing them. */
export class SecretHintDto {
  @ApiProperty({ description: 'Its last four characters.' })
  readonly lastFour!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The key to verify asymmetric signatures with; null if it makes none.',
  })
  readonly publicKey!: string | null;

  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Null: until it is rotated.',
  })
  readonly validUntil!: string | null;
}

/** A URL that wants some events. */
export class SubscriptionDto {
  @ApiProperty({ example: 'sub_01h455vb4pex5vsknk084sn02q' })
  readonly id!: string;

  @ApiProperty({ example: 'ten_01j0000000e008000000000001' })
  readonly tenantId!: string;

  @ApiProperty({ format: 'uri' })
  readonly url!: string;

  @ApiProperty({ type: [String], example: ['guestbook.*'] })
  readonly eventTypes!: readonly string[];

  @ApiProperty({
    enum: STATUSES,
    description:
      'pending: waits for its challenge; paused: its deliveries are held; disabled: until it is verified.',
  })
  readonly status!: SubscriptionStatus;

  @ApiProperty({ type: String, nullable: true, description: 'Why it is not active, as one stable word.' })
  readonly statusReason!: string | null;

  @ApiProperty({ example: 'standard' })
  readonly profile!: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'The fields of the profile.' })
  readonly profileConfig!: Readonly<Record<string, unknown>>;

  @ApiProperty({ type: [String], description: 'Signatures beside the profile’s own.' })
  readonly signers!: readonly string[];

  @ApiProperty({ type: String, nullable: true, description: 'Null: as the profile has it.' })
  readonly envelope!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Null: as the profile has it.' })
  readonly framing!: string | null;

  @ApiProperty({ example: 'echo' })
  readonly handshake!: string;

  @ApiProperty({ type: String, nullable: true })
  readonly description!: string | null;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  readonly headers!: Readonly<Record<string, string>>;

  @ApiProperty({ type: RetryDto, nullable: true })
  readonly retry!: SubscriptionView['retry'];

  @ApiProperty({ ...FILTER_DOCUMENTATION, nullable: true })
  readonly filter!: Record<string, unknown> | null;

  @ApiProperty({ type: 'integer' })
  readonly timeoutMs!: number;

  @ApiProperty({ type: 'integer', nullable: true })
  readonly maxInFlight!: number | null;

  @ApiProperty({ type: 'number', nullable: true })
  readonly rateLimitPerSecond!: number | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'What its receiver consented to; `rateLimitPerSecond` stays within it.',
  })
  readonly allowedPerMinute!: number | null;

  @ApiProperty({
    enum: PROBE_VERDICTS,
    nullable: true,
    description: 'What a probe found; null: it was never probed.',
  })
  readonly verifiesSignatures!: SubscriptionView['verifiesSignatures'];

  @ApiProperty({ type: 'integer', nullable: true, description: 'Null: as the platform does; 0: never.' })
  readonly reverifyEveryHours!: number | null;

  @ApiProperty({
    type: 'integer',
    description: 'Challenges in a row, made again by the platform, that failed.',
  })
  readonly verificationFailures!: number;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The topic that its subscriber subscribed to at the hub; null: it was not made there.',
  })
  readonly topicId!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'It ends then unless its subscriber renews it; null: never.',
  })
  readonly leaseUntil!: string | null;

  @ApiProperty({ type: [SecretHintDto], description: 'The secrets that sign now, newest first.' })
  readonly secrets!: readonly SecretHintDto[];

  @ApiProperty({ type: 'integer', description: 'Counts its changes; also in the `ETag` header.' })
  readonly version!: number;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it last passed a challenge.',
  })
  readonly verifiedAt!: string | null;

  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;

  @ApiProperty({ format: 'date-time' })
  readonly updatedAt!: string;

  static of(view: SubscriptionView): SubscriptionDto {
    return {
      id: toTypeId(ID_PREFIX.subscription, view.id),
      tenantId: toTypeId(ID_PREFIX.tenant, view.tenantId),
      url: view.url,
      eventTypes: view.eventTypes,
      status: view.status,
      statusReason: view.statusReason,
      profile: view.profile,
      profileConfig: view.profileConfig,
      signers: view.signers,
      envelope: view.envelope,
      framing: view.framing,
      handshake: view.handshake,
      description: view.description,
      headers: view.headers,
      retry: view.retry,
      filter: view.filter,
      timeoutMs: view.timeoutMs,
      maxInFlight: view.maxInFlight,
      rateLimitPerSecond: view.rateLimitPerSecond,
      allowedPerMinute: view.allowedPerMinute,
      verifiesSignatures: view.verifiesSignatures,
      reverifyEveryHours: view.reverifyEveryHours,
      verificationFailures: view.verificationFailures,
      topicId: view.topicId === null ? null : toTypeId(ID_PREFIX.topic, view.topicId),
      leaseUntil: view.leaseUntil?.toISOString() ?? null,
      secrets: view.secrets.map(({ lastFour, publicKey, createdAt, validUntil }) => ({
        lastFour,
        publicKey,
        createdAt: createdAt.toISOString(),
        validUntil: validUntil?.toISOString() ?? null,
      })),
      version: view.version,
      verifiedAt: view.verifiedAt?.toISOString() ?? null,
      createdAt: view.createdAt.toISOString(),
      updatedAt: view.updatedAt.toISOString(),
    };
  }
}

export class SubscriptionWithSecretDto extends SubscriptionDto {
  @ApiProperty({ description: 'Verify signatures with it. Shown this one time.', example: 'whsec_…' })
  readonly secret!: string;

  static ofCreated({ subscription, secret }: CreatedSubscription): SubscriptionWithSecretDto {
    return { ...membersOf(SubscriptionDto.of(subscription)), secret };
  }
}

export class SubscriptionPageDto extends PageOf(SubscriptionDto) {}

export class SentTestDto {
  @ApiProperty({ example: 'evt_01h455vb4pex5vsknk084sn02q' })
  readonly eventId!: string;

  @ApiProperty({
    description: 'Look for its attempts in the delivery log.',
    example: 'dlv_01h455vb4pex5vsknk084sn02q',
  })
  readonly deliveryId!: string;
}
