import { Get, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiHeader, ApiOkResponse } from '@nestjs/swagger';
import { CurrentTenant } from '#libs/access';
import {
  type AcceptedEvent,
  EventFeed,
  EventLog,
  EventPublishing,
  type EventView,
  type PublishRequest,
} from '#libs/deliveries';
import { MAX_EVENT_BYTES } from '#libs/events';
import { BodyLimit } from '#libs/http-api';
import type { Page } from '#libs/kernel';
import { membersOf } from '../http/members-of.js';
import { ApiController, Operation } from '../http/operation.js';
import {
  AcceptedEventDto,
  BatchResultDto,
  EventDetailDto,
  EventPageDto,
  EventQueryDto,
  FeedDto,
  FeedQueryDto,
  PublishBatchDto,
  PublishEventDto,
} from './event.dto.js';
import { PublishBody, PublisherTenantPipe } from './publish-body.js';

/** The data and what stands around it; a larger body cannot hold an acceptable event, unless it is mostly spaces. */
const EVENT_BODY_LIMIT = MAX_EVENT_BYTES + 64 * 1024;
/** A batch is parsed in one go, which stops everything else for that time. */
const BATCH_BODY_LIMIT = 16 * 1024 * 1024;

/** In place of a cursor. */
const LATEST = 'latest';

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  required: false,
  description:
    'Any text of 1 to 255 characters. The same key with the same body gets the first answer again.',
};

@ApiController('events', 'events')
export class EventsController {
  constructor(
    private readonly publishing: EventPublishing,
    private readonly events: EventLog,
    private readonly eventFeed: EventFeed,
  ) {}

  @Post()
  @HttpCode(HttpStatus.ACCEPTED)
  @BodyLimit(EVENT_BODY_LIMIT)
  @Operation({
    id: 'publishEvent',
    summary: 'Publish an event',
    description: 'Answered once the event and its deliveries are stored; from then on nothing loses them.',
    role: 'manager',
    isAudited: false,
  })
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiBody({ type: PublishEventDto })
  @ApiAcceptedResponse({ type: AcceptedEventDto })
  publish(@PublishBody(PublisherTenantPipe) request: PublishRequest): Promise<AcceptedEvent> {
    return this.publishing.publishOne(request);
  }

  @Post('batch')
  @HttpCode(HttpStatus.ACCEPTED)
  @BodyLimit(BATCH_BODY_LIMIT)
  @Operation({
    id: 'publishBatch',
    summary: 'Publish up to 1000 events',
    description:
      'The good events are accepted and the others are answered each with what is wrong. At most 16 MiB.',
    role: 'manager',
    isAudited: false,
  })
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiBody({ type: PublishBatchDto })
  @ApiAcceptedResponse({ type: BatchResultDto })
  publishBatch(
    @PublishBody(PublisherTenantPipe) request: PublishRequest,
  ): ReturnType<EventPublishing['publishBatch']> {
    return this.publishing.publishBatch(request);
  }

  @Get()
  @Operation({ id: 'listEvents', summary: 'Events, newest first', role: 'viewer' })
  @ApiOkResponse({ type: EventPageDto })
  list(@CurrentTenant() tenantId: string, @Query() query: EventQueryDto): Promise<Page<EventView>> {
    return this.events.list({ ...membersOf(query), tenantId });
  }

  @Get('feed')
  @Operation({
    id: 'readFeed',
    summary: 'Fetch events instead of being sent them',
    description:
      'Pages in the order of commits: nothing is left out and nothing comes twice. A page has at most 4 MiB of data.',
    role: 'viewer',
  })
  @ApiOkResponse({ type: FeedDto })
  async feed(@CurrentTenant() tenantId: string, @Query() { limit, cursor }: FeedQueryDto): Promise<FeedDto> {
    if (cursor === LATEST) return { data: [], cursor: await this.eventFeed.latest(tenantId) };
    const page = await this.eventFeed.page({ tenantId, limit, cursor });
    return { data: page.events, cursor: page.cursor };
  }

  @Get(':id')
  @Operation({ id: 'getEvent', summary: 'One event with its deliveries', role: 'viewer' })
  @ApiOkResponse({ type: EventDetailDto })
  get(@CurrentTenant() tenantId: string, @Param('id') id: string): ReturnType<EventLog['get']> {
    return this.events.get(tenantId, id);
  }
}
