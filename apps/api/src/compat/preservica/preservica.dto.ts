import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import type { PreservicaTrigger } from '#libs/signing';
import type { SubscriptionView } from '#libs/subscriptions';
import { TRIGGERS } from './triggers.js';

const MAX_FIELD = 512;

export class LoginDto {
  @ApiProperty({ description: 'The name of the tenant.' })
  @IsString()
  @MaxLength(MAX_FIELD)
  readonly username!: string;

  @ApiProperty({ description: 'An API key: `bhk_…`.' })
  @IsString()
  @MaxLength(MAX_FIELD)
  readonly password!: string;

  @ApiPropertyOptional({ description: 'Stands as `tenant` in the bodies of deliveries; else the name.' })
  @IsOptional()
  @IsString()
  @MaxLength(256)
  readonly tenant?: string;

  @ApiPropertyOptional({ description: 'Taken and not needed.' })
  @IsOptional()
  readonly includeUserDetails?: unknown;
}

export class ExternalLoginDto {
  @ApiProperty({ description: 'The name of the tenant.' })
  @IsString()
  @MaxLength(MAX_FIELD)
  readonly username!: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(256)
  readonly tenant?: string;

  @ApiProperty({ description: 'Seconds since 1970, at most five minutes off.' })
  @IsString()
  @MaxLength(16)
  readonly timestamp!: string;

  @ApiProperty({
    description: 'SHA-1 in hex of preservica-external-auth, timestamp, username and shared secret.',
  })
  @IsString()
  @MaxLength(64)
  readonly hash!: string;

  @ApiPropertyOptional({ description: 'Taken and not needed.' })
  @IsOptional()
  readonly includeUserDetails?: unknown;
}

export class AccessTokenDto {
  @ApiProperty() readonly success!: boolean;
  @ApiProperty({ description: 'For 15 minutes.' }) readonly token!: string;
  @ApiProperty() readonly tenant!: string;
  @ApiProperty({ description: 'Minutes.' }) readonly validFor!: number;
}

export class UserDetailsDto {
  @ApiProperty({ type: [String] }) readonly roles!: readonly string[];
}

export class SubscribeDto {
  @ApiProperty()
  @IsString()
  @MaxLength(2048)
  readonly url!: string;

  @ApiProperty({ enum: TRIGGERS })
  @IsIn(TRIGGERS)
  readonly triggerType!: PreservicaTrigger;

  @ApiProperty({ description: 'Printable ASCII; the receiver proves with it that it wants events.' })
  @IsString()
  @MaxLength(1024)
  readonly secret!: string;

  @ApiPropertyOptional({ enum: ['true', 'false'], description: 'A text, as the SDK sends it.' })
  @IsOptional()
  @IsIn(['true', 'false', true, false])
  readonly includeIdentifiers?: string | boolean;
}

export class PreservicaSubscriptionDto {
  @ApiProperty({ description: '32 hexadecimal digits.' }) readonly id!: string;
  @ApiProperty() readonly url!: string;
  @ApiProperty({ enum: TRIGGERS }) readonly triggerType!: string;
  @ApiProperty({ enum: ['true', 'false'] }) readonly includeIdentifiers!: string;

  static of({ id, url, registeredUrl, profileConfig }: SubscriptionView): PreservicaSubscriptionDto {
    const { trigger, identifiers } = profileConfig;
    return {
      id: id.replaceAll('-', ''),
      url: registeredUrl ?? url,
      triggerType: String(trigger),
      includeIdentifiers: identifiers === false ? 'false' : 'true',
    };
  }
}
