import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDate, IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { DELIVERY_STATUSES, type DeliveryStatus } from '#libs/deliveries';
import { MAX_EVENT_TYPE_LENGTH } from '#libs/events';
import { PageQueryDto } from '#libs/http-api';

const ONE_ID = { message: '$property must be given once, as one id' };
const ONE_TYPE = { message: 'eventType must be given once, as one event type' };
const TIME = { message: '$property must be a time like 2026-11-22T04:00:00Z' };

/** Which deliveries a list shows; conditions add up. */
export class DeliveryQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ enum: DELIVERY_STATUSES })
  @IsOptional()
  @IsIn(DELIVERY_STATUSES, { message: `status must be one of ${DELIVERY_STATUSES.join(', ')}` })
  readonly status?: DeliveryStatus;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString(ONE_ID)
  @MaxLength(64, ONE_ID)
  readonly subscriptionId?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString(ONE_ID)
  @MaxLength(64, ONE_ID)
  readonly eventId?: string;

  @ApiPropertyOptional({ example: 'guestbook.entry.created' })
  @IsOptional()
  @IsString(ONE_TYPE)
  @MaxLength(MAX_EVENT_TYPE_LENGTH, ONE_TYPE)
  @Matches(/^[\w.]+$/, ONE_TYPE)
  readonly eventType?: string;

  @ApiPropertyOptional({ description: 'Made at this time or later.', format: 'date-time', type: String })
  @IsOptional()
  @Type(() => Date)
  @IsDate(TIME)
  readonly from?: Date;

  @ApiPropertyOptional({ description: 'Made before this time.', format: 'date-time', type: String })
  @IsOptional()
  @Type(() => Date)
  @IsDate(TIME)
  readonly to?: Date;
}
