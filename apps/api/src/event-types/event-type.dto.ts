import { ApiProperty, ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import { IsObject, IsOptional, IsString, Matches, MaxLength, ValidateIf } from 'class-validator';
import { MAX_EVENT_TYPE_LENGTH } from '#libs/events';
import type { EventType } from '#libs/subscriptions';
import { PageOf } from '../http/page.dto.js';

const MAX_DESCRIPTION_LENGTH = 512;
const NAME_RULE = {
  message: `name must look like area.thing.happened: letters, digits and _ between dots, at most ${MAX_EVENT_TYPE_LENGTH} characters`,
};
const DESCRIPTION_RULE = {
  message: `description must be a text of at most ${MAX_DESCRIPTION_LENGTH} characters`,
};
const SCHEMA_TEXT =
  'JSON Schema of the data, without regular expressions and formats; events that do not fit are refused. Null: any data.';

export class CreateEventTypeDto {
  @ApiProperty({
    description: '`area.thing.happened`.',
    maxLength: MAX_EVENT_TYPE_LENGTH,
    example: 'shop.order.placed',
  })
  @IsString(NAME_RULE)
  @MaxLength(MAX_EVENT_TYPE_LENGTH, NAME_RULE)
  @Matches(/^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)+$/, NAME_RULE)
  readonly name!: string;

  @ApiPropertyOptional({ description: 'What it tells.', maxLength: MAX_DESCRIPTION_LENGTH })
  @ValidateIf((_, value) => value !== undefined)
  @IsString(DESCRIPTION_RULE)
  @MaxLength(MAX_DESCRIPTION_LENGTH, DESCRIPTION_RULE)
  readonly description?: string;

  @ApiPropertyOptional({
    description: SCHEMA_TEXT,
    type: 'object',
    additionalProperties: true,
    nullable: true,
  })
  @IsOptional()
  @IsObject({ message: 'schema must be a JSON Schema, an object' })
  readonly schema?: Record<string, unknown> | null;

  @ApiPropertyOptional({ description: 'Data as a subscriber may expect it.', example: { orderId: 7 } })
  @IsOptional()
  readonly example?: unknown;
}

export class PatchEventTypeDto extends PartialType(OmitType(CreateEventTypeDto, ['name']), {
  skipNullProperties: false,
}) {}

/** A kind of event that a tenant publishes. */
export class EventTypeDto {
  @ApiProperty({ example: 'shop.order.placed' })
  readonly name!: string;

  @ApiProperty()
  readonly description!: string;

  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  readonly schema!: Record<string, unknown> | null;

  @ApiProperty()
  readonly example!: unknown;

  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;

  static of({ name, description, schema, example, createdAt }: EventType): EventTypeDto {
    return { name, description, schema, example, createdAt: createdAt.toISOString() };
  }
}

export class EventTypePageDto extends PageOf(EventTypeDto) {}
