import { ApiProperty, PickType } from '@nestjs/swagger';
import { ID_PREFIX, toTypeId } from '#libs/kernel';
import type { Topic } from '#libs/subscriptions';
import { PageOf } from '../../http/page.dto.js';
import { FILTER_DOCUMENTATION } from '../../subscriptions/filter.dto.js';
import { CreateSubscriptionDto } from '../../subscriptions/subscription-input.dto.js';
import type { TopicAddress } from './hub-address.js';

export class CreateTopicDto extends PickType(CreateSubscriptionDto, [
  'eventTypes',
  'filter',
  'description',
]) {}

/** Event types that everybody may read and subscribe to who has the URL. */
export class TopicDto {
  @ApiProperty({ example: 'top_01h455vb4pex5vsknk084sn02q' })
  readonly id!: string;

  @ApiProperty({ format: 'uri', description: 'To know it is all that a subscriber needs.' })
  readonly url!: string;

  @ApiProperty({ format: 'uri', description: 'The hub that distributes it.' })
  readonly hub!: string;

  @ApiProperty({ type: [String], example: ['guestbook.*'] })
  readonly eventTypes!: readonly string[];

  @ApiProperty({ ...FILTER_DOCUMENTATION, nullable: true })
  readonly filter!: Record<string, unknown> | null;

  @ApiProperty({ type: String, nullable: true })
  readonly description!: string | null;

  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;

  static of(topic: Topic, { url, hubUrl: hub }: TopicAddress): TopicDto {
    const { eventTypes, filter, description } = topic;
    const id = toTypeId(ID_PREFIX.topic, topic.id);
    return { id, url, hub, eventTypes, filter, description, createdAt: topic.createdAt.toISOString() };
  }
}

export class TopicsPageDto extends PageOf(TopicDto) {}
