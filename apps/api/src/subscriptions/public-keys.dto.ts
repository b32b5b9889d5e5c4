import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { PublicKey } from '#libs/subscriptions';

/** An ed25519 key as RFC 8037 writes it. */
export class JwkDto {
  @ApiProperty({ enum: ['OKP'] }) readonly kty!: 'OKP';
  @ApiProperty({ enum: ['Ed25519'] }) readonly crv!: 'Ed25519';
  @ApiProperty({ enum: ['EdDSA'] }) readonly alg!: 'EdDSA';
  @ApiProperty({ enum: ['sig'] }) readonly use!: 'sig';

  @ApiProperty({
    description: 'The key as the libraries of Standard Webhooks read it, and the `keyid` of RFC 9421.',
    example: 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=',
  })
  readonly kid!: string;

  @ApiProperty({ description: 'Its 32 bytes in base64url.' }) readonly x!: string;

  @ApiPropertyOptional({
    type: 'integer',
    description: 'It signs until then, in Unix seconds; left out until it is rotated.',
  })
  readonly exp?: number;

  static of({ text, validUntil }: PublicKey): JwkDto {
    const x = Buffer.from(text.slice('whpk_'.length), 'base64').toString('base64url');
    const exp = validUntil === null ? {} : { exp: Math.floor(validUntil.getTime() / 1000) };
    return { kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', kid: text, x, ...exp };
  }
}

export class JwkSetDto {
  @ApiProperty({ type: [JwkDto] }) readonly keys!: readonly JwkDto[];

  static of(keys: readonly PublicKey[]): JwkSetDto {
    return { keys: keys.map((key) => JwkDto.of(key)) };
  }
}
