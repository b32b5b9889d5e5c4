import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath, OmitType } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { type AcceptedEvent, type EventView, MAX_CURSOR_LENGTH, type RejectedEvent } from '#libs/deliveries';
import { MAX_BATCH_EVENTS, MAX_EVENT_TYPE_LENGTH, MAX_SUBJECT_LENGTH } from '#libs/events';
import { FieldErrorDto, PageQueryDto } from '#libs/http-api';
import { DeliveryDto } from '../deliveries/delivery.dto.js';
import { PageOf } from '../http/page.dto.js';

const ONE_TYPE = { message: 'type must be given once, as one event type' };
const EVENT_ID = 'evt_01h455vb4pex5vsknk084sn02q';

/** For the documentation: intake reads the body itself, as every microsecond counts there and its bytes are kept. */
export class PublishEventDto {
  @ApiProperty({
    description: '`area.thing.happened`.',
    example: 'guestbook.entry.created',
    maxLength: MAX_EVENT_TYPE_LENGTH,
  })
  readonly type!: string;

  @ApiProperty({
    description: 'Any JSON, at most 256 KiB. Its bytes are delivered as they came.',
    example: { name: 'Ada' },
  })
  readonly data!: unknown;

  @ApiPropertyOptional({
    description: 'Made by you, so that the same event is never accepted twice.',
    example: EVENT_ID,
  })
  readonly id?: string;

  @ApiPropertyOptional({ description: 'When it happened; now, if left out.', format: 'date-time' })
  readonly timestamp?: string;

  @ApiPropertyOptional({ description: 'What it is about.', maxLength: MAX_SUBJECT_LENGTH })
  readonly subject?: string;

  @ApiPropertyOptional({ description: 'Only with a key of the platform: the tenant to publish for.' })
  readonly tenantId?: string;
}

export class PublishBatchDto {
  @ApiProperty({ type: [PublishEventDto], minItems: 1, maxItems: MAX_BATCH_EVENTS })
  readonly events!: PublishEventDto[];
}

export class AcceptedEventDto implements AcceptedEvent {
  @ApiProperty({ example: EVENT_ID })
  readonly id!: string;

  @ApiProperty({ example: 'guestbook.entry.created' })
  readonly type!: string;

  @ApiProperty({ format: 'date-time' })
  readonly timestamp!: string;

  @ApiProperty({ description: 'How many subscriptions get it.', type: 'integer' })
  readonly deliveries!: number;
}

/** Why one event of a batch was not accepted; the others were. */
export class RejectedEventDto implements RejectedEvent {
  @ApiProperty({ example: 'validation_failed' })
  readonly code!: string;

  @ApiProperty({ enum: [409, 413, 422], example: 422 })
  readonly status!: RejectedEvent['status'];

  @ApiProperty()
  readonly detail!: string;

  @ApiProperty({ type: [FieldErrorDto] })
  readonly errors!: FieldErrorDto[];
}

@ApiExtraModels(AcceptedEventDto, RejectedEventDto)
export class BatchResultDto {
  @ApiProperty({
    description: 'In the order of the request: the accepted event, or why it was not accepted.',
    type: 'array',
    items: { oneOf: [{ $ref: getSchemaPath(AcceptedEventDto) }, { $ref: getSchemaPath(RejectedEventDto) }] },
  })
  readonly data!: unknown[];
}

export class EventDto implements EventView {
  @ApiProperty({ example: EVENT_ID })
  readonly id!: string;

  @ApiProperty({ example: 'ten_01j0000000e008000000000001' })
  readonly tenantId!: string;

  @ApiProperty({ example: 'guestbook.entry.created' })
  readonly type!: string;

  @ApiProperty({ type: String, nullable: true })
  readonly subject!: string | null;

  @ApiProperty({ description: 'When it happened.', format: 'date-time' })
  readonly timestamp!: string;

  @ApiProperty({ description: 'When it was accepted.', format: 'date-time' })
  readonly acceptedAt!: string;

  @ApiProperty({ description: 'What the publisher sent.' })
  readonly data!: unknown;
}

export class EventDetailDto extends EventDto {
  @ApiProperty({ type: [DeliveryDto], description: 'The first 100; the delivery log has the rest.' })
  readonly deliveries!: DeliveryDto[];
}

export class EventPageDto extends PageOf(EventDto) {}

export class EventQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ description: 'Only events of this type.' })
  @IsOptional()
  @IsString(ONE_TYPE)
  @MaxLength(MAX_EVENT_TYPE_LENGTH, ONE_TYPE)
  @Matches(/^[\w.]+$/, ONE_TYPE)
  readonly type?: string;
}

export class FeedQueryDto extends OmitType(PageQueryDto, ['cursor']) {
  @ApiPropertyOptional({
    description:
      '`cursor` of the answer before; left out: from the oldest event. `latest`: only what comes from now on.',
  })
  @IsOptional()
  @IsString({ message: 'cursor must be given once, as it stood in cursor' })
  @MaxLength(MAX_CURSOR_LENGTH, { message: 'cursor must be given as it stood in cursor' })
  readonly cursor?: string;
}

export class FeedDto {
  @ApiProperty({
    type: [EventDto],
    description: 'Each event once, in the order of commits; empty at the end.',
  })
  readonly data!: readonly EventDto[];

  @ApiProperty({ description: 'Keep it: the next request gives what came after.' })
  readonly cursor!: string;
}
