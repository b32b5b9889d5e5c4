import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { type EventView, MAX_CURSOR_LENGTH } from '#libs/deliveries';

export const MAX_EVENTS_PAGE = 1000;
const DEFAULT_PAGE = 100;

export class EventsQueryDto {
  @ApiPropertyOptional({ description: '`cursor` of the page before; left out: from the oldest event.' })
  @IsOptional()
  @IsString({ message: 'cursor must be given once' })
  @MaxLength(MAX_CURSOR_LENGTH, { message: 'cursor must be given as it stood in cursor' })
  readonly cursor?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MAX_EVENTS_PAGE, default: DEFAULT_PAGE })
  @IsOptional()
  @Type(() => Number)
  @IsInt({ message: 'page_size must be a whole number' })
  @Min(1)
  @Max(MAX_EVENTS_PAGE)
  readonly page_size: number = DEFAULT_PAGE;
}

export class AccountEventDto {
  @ApiProperty() readonly id!: string;
  @ApiProperty({ type: 'integer' }) readonly account!: number | string;
  @ApiProperty({ format: 'date-time' }) readonly modified!: string;
  @ApiProperty({ enum: ['add', 'delete', 'update', 'rename', 'move', 'copy', 'restore'] })
  readonly type!: string;
  @ApiProperty({ type: String, nullable: true }) readonly ip!: null;
  @ApiProperty({ type: Object, description: 'What the event is about, with what was published.' })
  readonly metadata!: object;

  static of({ id, type, subject, timestamp, data }: EventView, account: number | string): AccountEventDto {
    const verb = type.slice(type.lastIndexOf('.') + 1);
    const about = { id: subject ?? id, name: subject ?? id, type: 'file', event_type: type, data };
    return { id, account, modified: timestamp, type: VERBS[verb] ?? 'update', ip: null, metadata: about };
  }
}

export class AccountEventsDto {
  @ApiProperty({ type: 'integer' }) readonly count!: number;
  @ApiProperty({ enum: ['object_list'] }) readonly type!: 'object_list';
  @ApiProperty({ enum: ['events'] }) readonly api!: 'events';
  @ApiProperty({ description: 'Always there; the next request gives what came after.' })
  readonly cursor!: string;
  @ApiProperty({ type: [AccountEventDto] }) readonly objects!: readonly AccountEventDto[];
}

export class LatestCursorDto {
  @ApiProperty() readonly cursor!: string;
}

const VERBS: Readonly<Record<string, string>> = {
  created: 'add',
  added: 'add',
  deleted: 'delete',
  removed: 'delete',
  renamed: 'rename',
  moved: 'move',
  copied: 'copy',
  restored: 'restore',
};
