import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { AuditFilter, ShownAuditEntry } from '#libs/audit';
import { PageQueryDto } from '#libs/http-api';
import { fromTypeId, ID_PREFIX, toTypeId } from '#libs/kernel';
import { PageOf } from '../http/page.dto.js';

const ONE = { message: '$property must be given once' };
/** No row has it: an id that cannot be finds nothing. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

export class AuditQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ description: 'What was done for this tenant.' })
  @IsOptional()
  @IsString(ONE)
  @MaxLength(64, ONE)
  readonly tenantId?: string;

  @ApiPropertyOptional({ description: 'What was done with this API key.' })
  @IsOptional()
  @IsString(ONE)
  @MaxLength(64, ONE)
  readonly apiKeyId?: string;

  @ApiPropertyOptional({
    description: 'The id of an operation of this document.',
    example: 'createSubscription',
  })
  @IsOptional()
  @IsString(ONE)
  @MaxLength(64, ONE)
  readonly operation?: string;

  filter(): AuditFilter {
    const { tenantId, apiKeyId, operation, limit, cursor } = this;
    return {
      tenantId: tenantId === undefined ? undefined : (fromTypeId(ID_PREFIX.tenant, tenantId) ?? NOBODY),
      actorKeyId: apiKeyId === undefined ? undefined : (fromTypeId(ID_PREFIX.apiKey, apiKeyId) ?? NOBODY),
      operation,
      limit,
      cursor,
    };
  }
}

/** One change. */
export class AuditEntryDto {
  @ApiProperty({ format: 'date-time' })
  readonly at!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Whose key asked; null: the platform itself.',
    example: 'key_01h455vb4pex5vsknk084sn02q',
  })
  readonly apiKeyId!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'For which tenant; null: for the platform.' })
  readonly tenantId!: string | null;

  @ApiProperty({ example: 'createSubscription' })
  readonly operation!: string;

  @ApiProperty({ example: '/v1/subscriptions' })
  readonly path!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What was made or changed, if the answer names it.',
  })
  readonly objectId!: string | null;

  @ApiProperty({ type: [String], description: 'Fields that the request set; their values are not kept.' })
  readonly fields!: readonly string[];

  @ApiProperty({ type: String, nullable: true })
  readonly requestId!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      '`done`, or the code of the problem; null while it is under way, or if the process died in between.',
    example: 'done',
  })
  readonly outcome!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why the platform did it by itself.' })
  readonly reason!: string | null;

  static of(entry: ShownAuditEntry): AuditEntryDto {
    const { at, actorKeyId, tenantId, operation, path, objectId, fields, requestId, outcome, reason } = entry;
    return {
      at: at.toISOString(),
      apiKeyId: actorKeyId === null ? null : toTypeId(ID_PREFIX.apiKey, actorKeyId),
      tenantId: tenantId === null ? null : toTypeId(ID_PREFIX.tenant, tenantId),
      operation,
      path,
      objectId,
      fields,
      requestId,
      outcome,
      reason,
    };
  }
}

export class AuditPageDto extends PageOf(AuditEntryDto) {}
