import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Allow, IsObject, IsOptional, IsString, ValidateIf } from 'class-validator';
import type { ExplainedCheck, Explanation } from '#libs/deliveries';
import type { FilterDecision } from '#libs/subscriptions';
import { DeliveryDto } from '../deliveries/delivery.dto.js';

export const FILTER_DOCUMENTATION = {
  description:
    'Only events that pass it are sent. A clause `{ "path", operator: operand }` with `equals`, `in`, `prefix`, `suffix`, `exists`, `gt`, `gte`, `lt` or `lte`; or `{ "all": […] }`, `{ "any": […] }`, `{ "not": … }`. Paths begin with `type`, `subject` or `data`.',
  type: 'object',
  additionalProperties: true,
  example: {
    all: [
      { path: 'data.status', equals: 'paid' },
      { path: 'data.amount', gte: 100 },
    ],
  },
} as const;

const IS_FILTER = { message: 'filter must be an object like {"path": "data.status", "equals": "paid"}' };

export class TestFilterDto {
  @ApiProperty(FILTER_DOCUMENTATION)
  @IsObject(IS_FILTER)
  readonly filter!: Record<string, unknown>;

  @ApiPropertyOptional({
    description: 'An event as it is published: `type`, `subject`, `data`.',
    type: 'object',
    additionalProperties: true,
    example: { type: 'shop.order.placed', data: { status: 'paid', amount: 120 } },
  })
  @ValidateIf((_, value) => value !== undefined)
  @IsObject({ message: 'event must be an object with type and data' })
  readonly event?: Record<string, unknown>;

  @ApiPropertyOptional({ description: 'Instead of a whole event, its data alone.' })
  @Allow()
  readonly data?: unknown;
}

export class FilterDecisionDto implements FilterDecision {
  @ApiProperty()
  readonly matches!: boolean;

  @ApiProperty({ description: 'The part of the filter that decided.', example: 'filter.all[1]' })
  readonly clause!: string;

  @ApiProperty({ example: 'gte 100 does not hold: data.amount is 20.' })
  readonly detail!: string;
}

export class ExplainQueryDto {
  @ApiProperty({ example: 'evt_01h455vb4pex5vsknk084sn02q' })
  @IsOptional()
  @IsString({ message: 'eventId must be given once' })
  readonly eventId?: string;
}

const CHECKS: readonly ExplainedCheck['name'][] = ['status', 'eventType', 'filter'];
const OUTCOMES: readonly ExplainedCheck['outcome'][] = ['passed', 'failed', 'unknown'];

export class ExplainedCheckDto implements ExplainedCheck {
  @ApiProperty({ enum: CHECKS })
  readonly name!: ExplainedCheck['name'];

  @ApiProperty({ enum: OUTCOMES })
  readonly outcome!: ExplainedCheck['outcome'];

  @ApiProperty()
  readonly detail!: string;

  @ApiProperty({ type: String, nullable: true, description: 'The part of the filter that decided.' })
  readonly clause!: string | null;
}

export class ExplanationDto implements Explanation {
  @ApiProperty({ example: 'Not sent: gte 100 does not hold: data.amount is 20.' })
  readonly summary!: string;

  @ApiProperty({ type: [ExplainedCheckDto], description: 'By the settings of now, in the order of asking.' })
  readonly checks!: readonly ExplainedCheckDto[];

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description:
      'When the subscription was changed after the event was accepted; what it was before is not kept.',
  })
  readonly changedAt!: string | null;

  @ApiProperty({ type: DeliveryDto, nullable: true })
  readonly delivery!: DeliveryDto | null;
}
