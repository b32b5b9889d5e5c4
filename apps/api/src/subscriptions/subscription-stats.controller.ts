import { Get, Param } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentTenant } from '#libs/access';
import { SubscriptionStats } from '#libs/deliveries';
import { SubscriptionsService } from '#libs/subscriptions';
import { SubscriptionIdPipe } from '../http/id.pipe.js';
import { ApiController, Operation } from '../http/operation.js';
import { SubscriptionStatsDto } from './stats.dto.js';

@ApiController('subscriptions/:id/stats', 'subscriptions')
export class SubscriptionStatsController {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    private readonly stats: SubscriptionStats,
  ) {}

  @Get()
  @Operation({
    id: 'getSubscriptionStats',
    summary: 'How it has done in the last hour and day',
    role: 'viewer',
  })
  @ApiOkResponse({ type: SubscriptionStatsDto })
  async get(
    @CurrentTenant() tenantId: string,
    @Param('id', SubscriptionIdPipe) id: string,
  ): Promise<SubscriptionStatsDto> {
    await this.subscriptions.get({ tenantId, id });
    return SubscriptionStatsDto.of(await this.stats.read(tenantId, id));
  }
}
