import { Get, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse } from '@nestjs/swagger';
import { CurrentTenant } from '#libs/access';
import { DeliveryLog, DeliveryRetry, type DeliveryView } from '#libs/deliveries';
import type { Page } from '#libs/kernel';
import { membersOf } from '../http/members-of.js';
import { ApiController, Operation } from '../http/operation.js';
import { DeliveryDetailDto, DeliveryDto, DeliveryPageDto } from './delivery.dto.js';
import { DeliveryQueryDto } from './delivery-query.dto.js';

@ApiController('deliveries', 'deliveries')
export class DeliveriesController {
  constructor(
    private readonly log: DeliveryLog,
    private readonly retries: DeliveryRetry,
  ) {}

  @Get()
  @Operation({
    id: 'listDeliveries',
    summary: 'The delivery log, newest first',
    description: 'Follow `nextCursor` until it is null; a search may give pages with less than the limit.',
    role: 'viewer',
  })
  @ApiOkResponse({ type: DeliveryPageDto })
  list(@CurrentTenant() tenantId: string, @Query() query: DeliveryQueryDto): Promise<Page<DeliveryView>> {
    return this.log.list({ ...membersOf(query), tenantId });
  }

  @Get(':id')
  @Operation({ id: 'getDelivery', summary: 'One delivery with all its attempts', role: 'viewer' })
  @ApiOkResponse({ type: DeliveryDetailDto })
  get(@CurrentTenant() tenantId: string, @Param('id') id: string): ReturnType<DeliveryLog['get']> {
    return this.log.get(tenantId, id);
  }

  @Post(':id/retry')
  @HttpCode(HttpStatus.ACCEPTED)
  @Operation({
    id: 'retryDelivery',
    summary: 'Send it again now',
    description: 'Works for a delivery that is pending, delivered or exhausted; the same bytes are sent.',
    role: 'manager',
  })
  @ApiAcceptedResponse({ type: DeliveryDto })
  retry(@CurrentTenant() tenantId: string, @Param('id') id: string): Promise<DeliveryView> {
    return this.retries.retry(tenantId, id);
  }
}
