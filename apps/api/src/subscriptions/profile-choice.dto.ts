import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsArray, IsIn, IsObject, IsOptional, IsString, MaxLength, ValidateIf } from 'class-validator';
import {
  ADD_ONS,
  type AddOnName,
  ENVELOPE_NAMES,
  type EnvelopeName,
  type Framing,
  FRAMINGS,
  PROFILE_NAMES,
} from '#libs/signing';

/** How a subscription is spoken to. */
export class ProfileChoiceDto {
  @ApiPropertyOptional({
    description: 'How deliveries look and are signed; docs/profiles has a page for each.',
    enum: PROFILE_NAMES,
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
    enum: ADD_ONS,
    isArray: true,
  })
  @ValidateIf((_, value) => value !== undefined)
  @IsIn(ADD_ONS, { each: true, message: `signers must be a list of ${ADD_ONS.join(', ')}` })
  @IsArray({ message: `signers must be a list of ${ADD_ONS.join(', ')}` })
  readonly signers?: AddOnName[];

  @ApiPropertyOptional({
    description: 'Another body than the profile’s. Null or left out: the profile’s.',
    enum: ENVELOPE_NAMES,
    nullable: true,
  })
  @IsOptional()
  @IsIn(ENVELOPE_NAMES, { message: `envelope must be one of ${ENVELOPE_NAMES.join(', ')}` })
  readonly envelope?: EnvelopeName | null;

  @ApiPropertyOptional({
    description: 'How the end of a body is told. Null or left out: as the profile does.',
    enum: FRAMINGS,
    nullable: true,
  })
  @IsOptional()
  @IsIn(FRAMINGS, { message: `framing must be one of ${FRAMINGS.join(', ')}` })
  readonly framing?: Framing | null;
}
