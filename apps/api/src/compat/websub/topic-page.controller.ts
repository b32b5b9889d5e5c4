import { Controller, Get, Header, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EventLog } from '#libs/deliveries';
import { PageQueryDto } from '#libs/http-api';
import { decideFilter, Topics } from '#libs/subscriptions';
import { membersOf } from '../../http/members-of.js';
import { HubAddress } from './hub-address.js';
import { TopicItemDto, TopicPageDto } from './hub.dto.js';

/** A topic as everybody sees it who has its URL. */
@Controller('topics/:token')
@ApiTags('websub')
export class TopicPageController {
  constructor(
    private readonly topics: Topics,
    private readonly events: EventLog,
    private readonly address: HubAddress,
  ) {}

  /** Also answers HEAD, which is all that a subscriber needs to find the hub. */
  @Get()
  @Header('cache-control', 'no-cache')
  @ApiOperation({
    operationId: 'readTopic',
    summary: 'The items of a topic, the newest first',
    description: 'The header `Link` names its hub (`rel="hub"`) and the topic itself (`rel="self"`).',
    security: [],
  })
  @ApiOkResponse({ type: TopicPageDto })
  async show(
    @Param('token') token: string,
    @Query() query: PageQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TopicPageDto> {
    const topic = await this.topics.find(token);
    const { tenantId, eventTypes: patterns, filter } = topic;
    const page = await this.events.list({ ...membersOf(query), tenantId, patterns });
    const items = page.data.filter((event) => filter === null || decideFilter(filter, event).matches);
    void reply.header('link', this.address.of(topic, request).link);
    return { data: items.map((event) => TopicItemDto.of(event)), nextCursor: page.nextCursor };
  }
}
