import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

const DEFAULT_PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 250;
const LIMIT_RULE = { message: `limit must be a whole number from 1 to ${MAX_PAGE_SIZE}` };

/** The page that a list shows. */
export class PageQueryDto {
  @ApiPropertyOptional({
    description: 'Items of one page.',
    type: 'integer',
    minimum: 1,
    maximum: MAX_PAGE_SIZE,
    default: DEFAULT_PAGE_SIZE,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt(LIMIT_RULE)
  @Min(1, LIMIT_RULE)
  @Max(MAX_PAGE_SIZE, LIMIT_RULE)
  readonly limit: number = DEFAULT_PAGE_SIZE;

  @ApiPropertyOptional({ description: '`nextCursor` of the page before; leave it out for the first page.' })
  @IsOptional()
  @IsString({ message: 'cursor must be given once, as it stood in nextCursor' })
  @MaxLength(64, { message: 'cursor must be given as it stood in nextCursor' })
  readonly cursor?: string;
}
