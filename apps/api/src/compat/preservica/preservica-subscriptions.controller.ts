import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Post, UseGuards } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { CurrentTenant } from '#libs/access';
import { AppError } from '#libs/kernel';
import { type Caller, SubscriptionsService, type SubscriptionView } from '#libs/subscriptions';
import { FacadeOperation } from '../facade-operation.js';
import { CurrentCaller } from '../../http/caller.js';
import type { Session } from './access-tokens.js';
import { PreservicaSubscriptionDto, SubscribeDto } from './preservica.dto.js';
import { CurrentSession, PreservicaGuard } from './preservica.guard.js';
import { filterOf } from './triggers.js';

const PROFILE = 'preservica';
const PAGE = 250;
const ID = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;

/** Subscriptions as Preservica's clients make them; each is one of ours, with the profile `preservica`. */
@Controller('api/webhook/subscriptions')
@UseGuards(PreservicaGuard)
@ApiTags('preservica')
@ApiSecurity('preservicaToken')
export class PreservicaSubscriptionsController {
  constructor(private readonly subscriptions: SubscriptionsService) {}

  @Get()
  @FacadeOperation('preservicaSubscriptions', 'The subscriptions of the tenant', 'reads')
  @ApiOkResponse({ type: [PreservicaSubscriptionDto] })
  async list(@CurrentTenant() tenantId: string): Promise<PreservicaSubscriptionDto[]> {
    const found: SubscriptionView[] = [];
    let cursor: string | null = null;
    do {
      const request = { tenantId, limit: PAGE, profile: PROFILE, ...(cursor !== null && { cursor }) };
      const page = await this.subscriptions.list(request);
      found.push(...page.data);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return found.map((view) => PreservicaSubscriptionDto.of(view));
  }

  /** The receiver is challenged before this is answered. */
  @Post()
  @HttpCode(HttpStatus.OK)
  @FacadeOperation('preservicaSubscribe', 'Subscribe a URL to one trigger', 'changes')
  @ApiOkResponse({ type: PreservicaSubscriptionDto })
  async subscribe(
    @CurrentCaller() caller: Caller,
    @CurrentSession() { label }: Session,
    @Body() { url, triggerType: trigger, secret, includeIdentifiers }: SubscribeDto,
  ): Promise<PreservicaSubscriptionDto> {
    const identifiers = String(includeIdentifiers ?? 'true') === 'true';
    const { subscription } = await this.subscriptions.create(caller, {
      url,
      secret,
      profile: PROFILE,
      profileConfig: { trigger, tenant: label, ...(!identifiers && { identifiers }) },
      eventTypes: ['*'],
      filter: filterOf(trigger),
    });
    return PreservicaSubscriptionDto.of(subscription);
  }

  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @FacadeOperation('preservicaUnsubscribe', 'Remove a subscription', 'changes')
  @ApiNoContentResponse()
  async unsubscribe(@CurrentTenant() tenantId: string, @Param('id') text: string): Promise<void> {
    const id = ID.test(text) ? text.replace(ID, '$1-$2-$3-$4-$5') : null;
    if (id === null) throw notFound();
    const { profile } = await this.subscriptions.get({ tenantId, id });
    if (profile !== PROFILE) throw notFound();
    await this.subscriptions.remove({ tenantId, id });
  }
}

function notFound(): AppError {
  return new AppError('not_found', 'subscription_not_found', 'There is no such subscription.');
}
