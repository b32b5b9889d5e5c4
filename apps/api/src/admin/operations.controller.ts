import { Get, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { DeliveryLog, type DeliveryView, Overview, type OverviewView } from '#libs/deliveries';
import type { Page } from '#libs/kernel';
import { DeliveryPageDto } from '../deliveries/delivery.dto.js';
import { DeliveryQueryDto } from '../deliveries/delivery-query.dto.js';
import { membersOf } from '../http/members-of.js';
import { ApiController, Operation } from '../http/operation.js';
import { PlatformGuard } from '../http/platform.guard.js';
import { OverviewDto } from './overview.dto.js';

@ApiController('admin', 'admin', PlatformGuard)
export class OperationsController {
  constructor(
    private readonly log: DeliveryLog,
    private readonly numbers: Overview,
  ) {}

  @Get('deliveries')
  @Operation({ id: 'listAllDeliveries', summary: 'The delivery log of all tenants', role: 'admin' })
  @ApiOkResponse({ type: DeliveryPageDto })
  deliveries(@Query() query: DeliveryQueryDto): Promise<Page<DeliveryView>> {
    return this.log.list({ ...membersOf(query), tenantId: null });
  }

  @Get('overview')
  @Operation({ id: 'getOverview', summary: 'How the platform is doing, in numbers', role: 'admin' })
  @ApiOkResponse({ type: OverviewDto })
  overview(): Promise<OverviewView> {
    return this.numbers.read();
  }
}
