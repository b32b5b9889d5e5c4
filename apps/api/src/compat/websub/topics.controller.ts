import { Body, Delete, Get, HttpCode, HttpStatus, Param, Post, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CurrentTenant } from '#libs/access';
import { PageQueryDto } from '#libs/http-api';
import { type Caller, type Topic, Topics } from '#libs/subscriptions';
import { CurrentCaller } from '../../http/caller.js';
import { TopicIdPipe } from '../../http/id.pipe.js';
import { membersOf } from '../../http/members-of.js';
import { ApiController, Operation } from '../../http/operation.js';
import { HubAddress } from './hub-address.js';
import { CreateTopicDto, TopicDto, TopicsPageDto } from './topic.dto.js';

/** What a tenant makes public. */
@ApiController('topics', 'websub')
export class TopicsController {
  constructor(
    private readonly topics: Topics,
    private readonly address: HubAddress,
  ) {}

  @Get()
  @Operation({ id: 'listTopics', summary: 'Topics, the oldest first', role: 'viewer' })
  @ApiOkResponse({ type: TopicsPageDto })
  async list(
    @CurrentTenant() tenantId: string,
    @Query() query: PageQueryDto,
    @Req() request: FastifyRequest,
  ): Promise<TopicsPageDto> {
    const { data, nextCursor } = await this.topics.list({ ...membersOf(query), tenantId });
    return { data: data.map((topic) => this.shown(topic, request)), nextCursor };
  }

  @Post()
  @Operation({
    id: 'createTopic',
    summary: 'Make event types public',
    description:
      'Whoever has the URL of the topic may read its events, and subscribe to them at the hub without a key.',
    role: 'manager',
  })
  @ApiCreatedResponse({ type: TopicDto })
  async create(
    @CurrentCaller() caller: Caller,
    @Body() body: CreateTopicDto,
    @Req() request: FastifyRequest,
  ): Promise<TopicDto> {
    return this.shown(await this.topics.create(caller, body), request);
  }

  @Get(':id')
  @Operation({ id: 'getTopic', summary: 'One topic', role: 'viewer' })
  @ApiOkResponse({ type: TopicDto })
  async get(
    @CurrentTenant() tenantId: string,
    @Param('id', TopicIdPipe) id: string,
    @Req() request: FastifyRequest,
  ): Promise<TopicDto> {
    return this.shown(await this.topics.get({ tenantId, id }), request);
  }

  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Operation({
    id: 'deleteTopic',
    summary: 'Make them public no more',
    description: 'Ends the subscriptions to it, and tells their subscribers.',
    role: 'manager',
  })
  @ApiNoContentResponse()
  remove(@CurrentTenant() tenantId: string, @Param('id', TopicIdPipe) id: string): Promise<void> {
    return this.topics.remove({ tenantId, id });
  }

  private shown(topic: Topic, request: FastifyRequest): TopicDto {
    return TopicDto.of(topic, this.address.of(topic, request));
  }
}
