import { Controller, Get, Param, Query, UseFilters, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { CurrentTenant } from '#libs/access';
import { EventFeed } from '#libs/deliveries';
import { AppError } from '#libs/kernel';
import { SubscriptionsService } from '#libs/subscriptions';
import { AccountEventDto, AccountEventsDto, EventsQueryDto, LatestCursorDto } from './kloudless.dto.js';
import { KloudlessErrors } from './kloudless-errors.filter.js';
import { KloudlessGuard } from './kloudless.guard.js';

/**
 * The events of an account as Kloudless's clients read them. An account is the tenant under a number that one of its
 * subscriptions with the profile `kloudless` names; `me` is the tenant of the key.
 */
@Controller('compat/kloudless/v1/accounts/:account/events')
@UseGuards(KloudlessGuard)
@UseFilters(KloudlessErrors)
@ApiTags('kloudless')
@ApiSecurity('kloudlessKey')
export class KloudlessController {
  constructor(
    private readonly feed: EventFeed,
    private readonly subscriptions: SubscriptionsService,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'kloudlessEvents', summary: 'A page of the events of an account' })
  @ApiOkResponse({ type: AccountEventsDto })
  async events(
    @CurrentTenant() tenantId: string,
    @Param('account') account: string,
    @Query() { cursor, page_size: limit }: EventsQueryDto,
  ): Promise<AccountEventsDto> {
    const number = await this.numberOf(tenantId, account);
    const page = await this.feed.page({ tenantId, limit, cursor });
    const objects = page.events.map((event) => AccountEventDto.of(event, number));
    return { count: objects.length, type: 'object_list', api: 'events', cursor: page.cursor, objects };
  }

  @Get('latest')
  @ApiOperation({ operationId: 'kloudlessLatest', summary: 'The cursor behind the latest event' })
  @ApiOkResponse({ type: LatestCursorDto })
  async latest(
    @CurrentTenant() tenantId: string,
    @Param('account') account: string,
  ): Promise<LatestCursorDto> {
    await this.numberOf(tenantId, account);
    return { cursor: await this.feed.latest(tenantId) };
  }

  private async numberOf(tenantId: string, account: string): Promise<number | string> {
    const isMe = account === 'me';
    const named = await this.subscriptions.account({ tenantId }, isMe ? null : account);
    const found = named ?? (isMe ? '0' : null);
    if (found === null) {
      const message = 'No subscription of your tenant names this account; `me` is your tenant itself.';
      throw new AppError('not_found', 'not_found', message);
    }
    return Number.isSafeInteger(Number(found)) ? Number(found) : found;
  }
}
