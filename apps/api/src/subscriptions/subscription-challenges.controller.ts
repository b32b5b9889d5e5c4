import { Get, HttpCode, HttpStatus, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentTenant } from '#libs/access';
import { PageQueryDto } from '#libs/http-api';
import { type Caller, ChallengeLog, SubscriptionsService } from '#libs/subscriptions';
import { CurrentCaller } from '../http/caller.js';
import { SubscriptionIdPipe } from '../http/id.pipe.js';
import { membersOf } from '../http/members-of.js';
import { ApiController, Operation } from '../http/operation.js';
import { ChallengeDto, ChallengePageDto } from './challenge.dto.js';
import { SubscriptionDto } from './subscription.dto.js';
import { SubscriptionHeaders } from './subscription-headers.interceptor.js';

@ApiController('subscriptions/:id', 'subscriptions')
@UseInterceptors(SubscriptionHeaders)
export class SubscriptionChallengesController {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    private readonly challenges: ChallengeLog,
  ) {}

  @Get('challenges')
  @Operation({
    id: 'listChallenges',
    summary: 'What its URL was asked and answered, the latest first',
    description: 'Kept for 30 days, failed ones too.',
    role: 'viewer',
  })
  @ApiOkResponse({ type: ChallengePageDto })
  async list(
    @CurrentTenant() tenantId: string,
    @Param('id', SubscriptionIdPipe) id: string,
    @Query() query: PageQueryDto,
  ): Promise<ChallengePageDto> {
    await this.subscriptions.get({ tenantId, id });
    const { data, nextCursor } = await this.challenges.list({ ...membersOf(query), tenantId, id });
    return { data: data.map((record) => ChallengeDto.of(record)), nextCursor };
  }

  @Post('probe')
  @HttpCode(HttpStatus.OK)
  @Operation({
    id: 'probeSubscription',
    summary: 'Find out whether its receiver verifies signatures',
    description:
      'Sends a test event twice, signed rightly and wrongly; `verifiesSignatures` says what came of it.',
    role: 'manager',
  })
  @ApiOkResponse({ type: SubscriptionDto })
  async probe(
    @CurrentCaller() caller: Caller,
    @Param('id', SubscriptionIdPipe) id: string,
  ): Promise<SubscriptionDto> {
    return SubscriptionDto.of(await this.subscriptions.probe({ ...caller, id }));
  }
}
