import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsArray, IsIn, IsObject, IsOptional, IsString, MaxLength, ValidateIf } from 'class-validator';
import { type AddOnName, CHOICES, type EnvelopeName, type Framing } from '#libs/signing';

/** How a subscription is spoken to. */
export class ProfileChoiceDto {
  @ApiPropertyOptional({
    description: 'How deliveries look and are signed; docs/profiles has a page for each.',
    enum: CHOICES.profiles,
    default: 'standard',
  })
  @ValidateIf((_, value) => value !== undefined)
  @IsString({ message: 'profile must be the name of a profile, e.g. standard' })
  @MaxLength(64, { message: 'profile must be the name of a profile, e.g. standard' })
  readonly profile?: string;

  @ApiPropertyOptional({
    description: 'The fields of the profile.',
    type: 'object',
    additionalProperties: true,
    example: { mode: 'structured' },
  })
  @ValidateIf((_, value) => value !== undefined)
  @IsObject({ message: 'profileConfig must be an object' })
  readonly profileConfig?: Record<string, unknown>;

  @ApiPropertyOptional({
    description: 'Signatures beside the profile’s own; they need a secret that begins with `whsec_`.',
    enum: CHOICES.signers,
    isArray: true,
  })
  @ValidateIf((_, value) => value !== undefined)
  @IsIn(CHOICES.signers, { each: true, message: `signers must be a list of ${CHOICES.signers.join(', ')}` })
  @IsArray({ message: `signers must be a list of ${CHOICES.signers.join(', ')}` })
  readonly signers?: AddOnName[];

  @ApiPropertyOptional({
    description: 'Another body than the profile’s. Null or left out: the profile’s.',
    enum: CHOICES.envelopes,
    nullable: true,
  })
  @IsOptional()
  @IsIn(CHOICES.envelopes, { message: `envelope must be one of ${CHOICES.envelopes.join(', ')}` })
  readonly envelope?: EnvelopeName | null;

  @ApiPropertyOptional({
    description: 'How the end of a body is told. Null or left out: as the profile does.',
    enum: CHOICES.framings,
    nullable: true,
  })
  @IsOptional()
  @IsIn(CHOICES.framings, { message: `framing must be one of ${CHOICES.framings.join(', ')}` })
  readonly framing?: Framing | null;
}
