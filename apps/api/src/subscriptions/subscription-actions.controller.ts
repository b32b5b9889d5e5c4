import { Body, HttpCode, HttpStatus, Param, Post, UseInterceptors } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import { CurrentTenant } from '#libs/access';
import { TestEvents } from '#libs/deliveries';
import { ID_PREFIX, toTypeId } from '#libs/kernel';
import { type Caller, SubscriptionsService } from '#libs/subscriptions';
import { CurrentCaller } from '../http/caller.js';
import { SubscriptionIdPipe } from '../http/id.pipe.js';
import { membersOf } from '../http/members-of.js';
import { ApiController, Operation } from '../http/operation.js';
import { ChallengeProblemDto } from './challenge-problem.dto.js';
import { SentTestDto, SubscriptionDto, SubscriptionWithSecretDto } from './subscription.dto.js';
import { SubscriptionHeaders } from './subscription-headers.interceptor.js';
import { RotateSecretDto, SendTestDto } from './subscription-input.dto.js';

@ApiController('subscriptions/:id', 'subscriptions')
@UseInterceptors(SubscriptionHeaders)
export class SubscriptionActionsController {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    private readonly tests: TestEvents,
  ) {}

  @Post('verify')
  @HttpCode(HttpStatus.OK)
  @Operation({
    id: 'verifySubscription',
    summary: 'Challenge its URL again',
    description: 'A pending or disabled subscription becomes active when it passes.',
    role: 'manager',
  })
  @ApiOkResponse({ type: SubscriptionDto })
  @ApiUnprocessableEntityResponse({ type: ChallengeProblemDto })
  async verify(
    @CurrentCaller() caller: Caller,
    @Param('id', SubscriptionIdPipe) id: string,
  ): Promise<SubscriptionDto> {
    return SubscriptionDto.of(await this.subscriptions.verify({ ...caller, id }));
  }

  @Post('rotate-secret')
  @HttpCode(HttpStatus.OK)
  @Operation({
    id: 'rotateSecret',
    summary: 'Give it a new secret',
    description:
      'Until the overlap ends deliveries are signed with both, so that the receiver can change over.',
    role: 'manager',
  })
  @ApiOkResponse({ type: SubscriptionWithSecretDto })
  async rotateSecret(
    @CurrentTenant() tenantId: string,
    @Param('id', SubscriptionIdPipe) id: string,
    @Body() body: RotateSecretDto,
  ): Promise<SubscriptionWithSecretDto> {
    const rotated = await this.subscriptions.rotateSecret({ ...membersOf(body), tenantId, id });
    return SubscriptionWithSecretDto.ofCreated(rotated);
  }

  @Post('pause')
  @HttpCode(HttpStatus.OK)
  @Operation({ id: 'pauseSubscription', summary: 'Hold its deliveries', role: 'manager' })
  @ApiOkResponse({ type: SubscriptionDto })
  async pause(
    @CurrentTenant() tenantId: string,
    @Param('id', SubscriptionIdPipe) id: string,
  ): Promise<SubscriptionDto> {
    return SubscriptionDto.of(await this.subscriptions.pause({ tenantId, id }));
  }

  @Post('resume')
  @HttpCode(HttpStatus.OK)
  @Operation({ id: 'resumeSubscription', summary: 'Let held deliveries go', role: 'manager' })
  @ApiOkResponse({ type: SubscriptionDto })
  async resume(
    @CurrentTenant() tenantId: string,
    @Param('id', SubscriptionIdPipe) id: string,
  ): Promise<SubscriptionDto> {
    return SubscriptionDto.of(await this.subscriptions.resume({ tenantId, id }));
  }

  @Post('test')
  @HttpCode(HttpStatus.ACCEPTED)
  @Operation({ id: 'sendTestEvent', summary: 'Send it a test event, and nobody else', role: 'manager' })
  @ApiAcceptedResponse({ type: SentTestDto })
  async test(
    @CurrentTenant() tenantId: string,
    @Param('id', SubscriptionIdPipe) id: string,
    @Body() { eventType }: SendTestDto,
  ): Promise<SentTestDto> {
    await this.subscriptions.get({ tenantId, id });
    return this.tests.send(tenantId, toTypeId(ID_PREFIX.subscription, id), eventType);
  }
}
