import { Body, Delete, Get, HttpCode, HttpStatus, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse } from '@nestjs/swagger';
import { CurrentTenant } from '#libs/access';
import { PageQueryDto } from '#libs/http-api';
import { EventTypesService, SubscriptionDirectory } from '#libs/subscriptions';
import { EventTypeNamePipe } from '../http/id.pipe.js';
import { membersOf } from '../http/members-of.js';
import { ApiController, Operation } from '../http/operation.js';
import { CreateEventTypeDto, EventTypeDto, EventTypePageDto, PatchEventTypeDto } from './event-type.dto.js';

@ApiController('event-types', 'event types')
export class EventTypesController {
  constructor(
    private readonly eventTypes: EventTypesService,
    private readonly directory: SubscriptionDirectory,
  ) {}

  @Get()
  @Operation({ id: 'listEventTypes', summary: 'Event types, by name', role: 'viewer' })
  @ApiOkResponse({ type: EventTypePageDto })
  async list(@CurrentTenant() tenantId: string, @Query() query: PageQueryDto): Promise<EventTypePageDto> {
    const { data, nextCursor } = await this.eventTypes.list({ ...membersOf(query), tenantId });
    return { data: data.map((eventType) => EventTypeDto.of(eventType)), nextCursor };
  }

  @Post()
  @Operation({ id: 'createEventType', summary: 'Register an event type', role: 'manager' })
  @ApiCreatedResponse({ type: EventTypeDto })
  async create(@CurrentTenant() tenantId: string, @Body() body: CreateEventTypeDto): Promise<EventTypeDto> {
    return EventTypeDto.of(await this.applied(this.eventTypes.create({ tenantId, name: body.name }, body)));
  }

  @Get(':name')
  @Operation({ id: 'getEventType', summary: 'One event type', role: 'viewer' })
  @ApiOkResponse({ type: EventTypeDto })
  async get(
    @CurrentTenant() tenantId: string,
    @Param('name', EventTypeNamePipe) name: string,
  ): Promise<EventTypeDto> {
    return EventTypeDto.of(await this.eventTypes.get({ tenantId, name }));
  }

  @Patch(':name')
  @Operation({ id: 'patchEventType', summary: 'Change its description, schema or example', role: 'manager' })
  @ApiOkResponse({ type: EventTypeDto })
  async patch(
    @CurrentTenant() tenantId: string,
    @Param('name', EventTypeNamePipe) name: string,
    @Body() body: PatchEventTypeDto,
  ): Promise<EventTypeDto> {
    return EventTypeDto.of(await this.applied(this.eventTypes.patch({ tenantId, name }, body)));
  }

  @Delete(':name')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Operation({ id: 'archiveEventType', summary: 'Take no more events of this type', role: 'manager' })
  @ApiNoContentResponse()
  archive(@CurrentTenant() tenantId: string, @Param('name', EventTypeNamePipe) name: string): Promise<void> {
    return this.applied(this.eventTypes.archive({ tenantId, name }));
  }

  /** Whoever publishes right after the answer must find the change; other processes hear of it within milliseconds. */
  private async applied<T>(change: Promise<T>): Promise<T> {
    const result = await change;
    await this.directory.catchUp();
    return result;
  }
}
