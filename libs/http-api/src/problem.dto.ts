import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class FieldErrorDto {
  @ApiProperty({ description: 'Path of the field.', example: 'eventTypes[0]' })
  readonly field!: string;

  @ApiProperty({ description: 'What to do about it.' })
  readonly message!: string;
}

/** RFC 9457. */
export class ProblemDto {
  @ApiProperty({
    description: 'Page that explains the code.',
    format: 'uri-reference',
    example: '/docs/problems/not_found',
  })
  readonly type!: string;

  @ApiProperty({ description: 'The code in words.', example: 'Not found' })
  readonly title!: string;

  @ApiProperty({ example: 404 })
  readonly status!: number;

  @ApiPropertyOptional({ description: 'What happened this time and what to do.' })
  readonly detail?: string;

  @ApiProperty({ description: 'Stable; programs decide by it.', example: 'not_found' })
  readonly code!: string;

  @ApiPropertyOptional({ description: 'Faults by field.', type: [FieldErrorDto] })
  readonly errors?: FieldErrorDto[];

  @ApiProperty({ description: 'Names this request in the log; also in the `x-request-id` header.' })
  readonly requestId!: string;
}
