import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDate, IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import type { ApiKey, ListApiKeys, NewApiKey, Principal, Role } from '#libs/access';
import { PageQueryDto } from '#libs/http-api';
import { AppError, fromTypeId, ID_PREFIX, toTypeId } from '#libs/kernel';
import { membersOf } from '../http/members-of.js';
import { PageOf } from '../http/page.dto.js';

const ROLES = ['viewer', 'manager', 'admin'] as const;
const MAX_NAME_LENGTH = 128;
const NAME_RULE = {
  message: `name must be a text of 1 to ${MAX_NAME_LENGTH} characters, without line breaks`,
};
const PRINTABLE = /^\P{Cc}*$/u;
const TENANT_RULE = { message: 'tenantId must be an id like ten_01j0000000e008000000000001' };
const TENANT_TEXT = 'Left out: the tenant of your own key; with a key of the platform, the platform.';

export class CreateApiKeyDto {
  @ApiProperty({
    description: 'What it is for.',
    minLength: 1,
    maxLength: MAX_NAME_LENGTH,
    example: 'shop backend',
  })
  @IsString(NAME_RULE)
  @Length(1, MAX_NAME_LENGTH, NAME_RULE)
  @Matches(PRINTABLE, NAME_RULE)
  readonly name!: string;

  @ApiProperty({
    enum: ROLES,
    description: 'viewer reads, manager changes and publishes, admin also hands out keys.',
  })
  @IsIn(ROLES, { message: `role must be one of ${ROLES.join(', ')}` })
  readonly role!: Role;

  @ApiPropertyOptional({ description: TENANT_TEXT })
  @IsOptional()
  @IsString(TENANT_RULE)
  readonly tenantId?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Left out: it does not expire.' })
  @IsOptional()
  @Type(() => Date)
  @IsDate({ message: 'expiresAt must be a time like 2027-01-01T00:00:00Z' })
  readonly expiresAt?: Date;
}

/** An API key; never the key itself. */
export class ApiKeyDto {
  @ApiProperty({ example: 'key_01h455vb4pex5vsknk084sn02q' })
  readonly id!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Null: a key of the platform.' })
  readonly tenantId!: string | null;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty({ enum: ROLES })
  readonly role!: Role;

  @ApiProperty({ description: 'Its last four characters.' })
  readonly lastFour!: string;

  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly expiresAt!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly lastUsedAt!: string | null;

  static of(apiKey: ApiKey): ApiKeyDto {
    return {
      id: toTypeId(ID_PREFIX.apiKey, apiKey.id),
      tenantId: apiKey.tenantId === null ? null : toTypeId(ID_PREFIX.tenant, apiKey.tenantId),
      name: apiKey.name,
      role: apiKey.role,
      lastFour: apiKey.lastFour,
      createdAt: apiKey.createdAt.toISOString(),
      expiresAt: apiKey.expiresAt?.toISOString() ?? null,
      lastUsedAt: apiKey.lastUsedAt?.toISOString() ?? null,
    };
  }
}

export class CreatedApiKeyDto extends ApiKeyDto {
  @ApiProperty({ description: 'The key. Shown this one time.', example: 'bhk_…' })
  readonly key!: string;
}

export class ApiKeyPageDto extends PageOf(ApiKeyDto) {}

export class ApiKeyQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ description: 'Only keys of this tenant.' })
  @IsOptional()
  @IsString(TENANT_RULE)
  readonly tenantId?: string;
}

/** The key that a request asks for; without a tenant it belongs to whom the asking key belongs to. */
export function wantedKey(by: Principal, body: CreateApiKeyDto): NewApiKey {
  const { tenantId } = body;
  return { ...membersOf(body), tenantId: tenantId === undefined ? by.tenantId : tenantUuid(tenantId) };
}

export function wantedKeys({ tenantId, limit, cursor }: ApiKeyQueryDto): ListApiKeys {
  return {
    limit,
    ...(cursor !== undefined && { cursor }),
    ...(tenantId !== undefined && { tenantId: tenantUuid(tenantId) }),
  };
}

function tenantUuid(tenantId: string): string {
  const uuid = fromTypeId(ID_PREFIX.tenant, tenantId);
  if (uuid === null) throw new AppError('not_found', 'tenant_not_found', 'There is no such tenant.');
  return uuid;
}
