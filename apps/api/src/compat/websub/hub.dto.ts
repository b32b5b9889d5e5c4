import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { EventView } from '#libs/deliveries';
import { PageOf } from '../../http/page.dto.js';

/** For the documentation: extensions of the protocol add fields of their own, so the form is read by hand. */
export class HubRequestDto {
  @ApiProperty({ enum: ['subscribe', 'unsubscribe'] })
  readonly 'hub.mode'!: string;

  @ApiProperty({ format: 'uri', description: 'The URL of the topic.' })
  readonly 'hub.topic'!: string;

  @ApiProperty({ format: 'uri', description: 'Where the items go; its query is kept.' })
  readonly 'hub.callback'!: string;

  @ApiPropertyOptional({
    type: 'integer',
    description: 'For how long; the hub keeps it within its bounds, and says in the verification what it is.',
  })
  readonly 'hub.lease_seconds'?: string;

  @ApiPropertyOptional({ description: 'Signs the items: at most 199 bytes. Left out: they are not signed.' })
  readonly 'hub.secret'?: string;
}

/** One item of a topic. */
export class TopicItemDto {
  @ApiProperty({ example: 'evt_01h455vb4pex5vsknk084sn02q' })
  readonly id!: string;

  @ApiProperty({ example: 'guestbook.entry.created' })
  readonly type!: string;

  @ApiProperty({ format: 'date-time' })
  readonly timestamp!: string;

  @ApiProperty({ description: 'What was published.' })
  readonly data!: unknown;

  static of({ id, type, timestamp, data }: EventView): TopicItemDto {
    return { id, type, timestamp, data };
  }
}

export class TopicPageDto extends PageOf(TopicItemDto) {}
