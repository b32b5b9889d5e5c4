import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length, Matches } from 'class-validator';
import type { Tenant } from '#libs/access';
import { ID_PREFIX, toTypeId } from '#libs/kernel';
import { PageOf } from '../http/page.dto.js';

const MAX_NAME_LENGTH = 128;
const NAME_RULE = {
  message: `name must be a text of 1 to ${MAX_NAME_LENGTH} characters, without line breaks`,
};
const PRINTABLE = /^\P{Cc}*$/u;

export class CreateTenantDto {
  @ApiProperty({ description: 'Unique.', minLength: 1, maxLength: MAX_NAME_LENGTH, example: 'acme' })
  @IsString(NAME_RULE)
  @Length(1, MAX_NAME_LENGTH, NAME_RULE)
  @Matches(PRINTABLE, NAME_RULE)
  readonly name!: string;
}

/** An owner of subscriptions and events. */
export class TenantDto {
  @ApiProperty({ example: 'ten_01j0000000e008000000000001' })
  readonly id!: string;

  @ApiProperty({ example: 'acme' })
  readonly name!: string;

  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;

  static of({ id, name, createdAt }: Tenant): TenantDto {
    return { id: toTypeId(ID_PREFIX.tenant, id), name, createdAt: createdAt.toISOString() };
  }
}

export class TenantPageDto extends PageOf(TenantDto) {}
