import { Body, Get, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentTenant } from '#libs/access';
import { Explanations } from '#libs/deliveries';
import { AppError } from '#libs/kernel';
import { decideFilter } from '#libs/subscriptions';
import { SubscriptionIdPipe } from '../http/id.pipe.js';
import { ApiController, Operation } from '../http/operation.js';
import { ExplainQueryDto, ExplanationDto, FilterDecisionDto, TestFilterDto } from './filter.dto.js';

@ApiController('subscriptions', 'subscriptions')
export class SubscriptionFilterController {
  constructor(private readonly explanations: Explanations) {}

  @Post('filter-test')
  @HttpCode(HttpStatus.OK)
  @Operation({
    id: 'testFilter',
    summary: 'Try a filter on an event',
    description: 'Nothing is stored or sent. The answer names the part of the filter that decided.',
    role: 'manager',
    isAudited: false,
  })
  @ApiOkResponse({ type: FilterDecisionDto })
  test(@Body() { filter, event, data }: TestFilterDto): FilterDecisionDto {
    if (event === undefined && data === undefined) throw nothingToTest();
    return decideFilter(filter, event ?? { data });
  }

  @Get(':id/explain')
  @Operation({
    id: 'explainSubscription',
    summary: 'Why an event was or was not sent to it',
    role: 'viewer',
  })
  @ApiOkResponse({ type: ExplanationDto })
  explain(
    @CurrentTenant() tenantId: string,
    @Param('id', SubscriptionIdPipe) subscriptionId: string,
    @Query() { eventId }: ExplainQueryDto,
  ): Promise<ExplanationDto> {
    return this.explanations.explain({ tenantId, subscriptionId, eventId });
  }
}

function nothingToTest(): AppError {
  const message = 'is missing; send an event, or data alone';
  return new AppError('invalid', 'validation_failed', 'Send `event` or `data` to try the filter on.', {
    errors: [{ field: 'event', message }],
  });
}
