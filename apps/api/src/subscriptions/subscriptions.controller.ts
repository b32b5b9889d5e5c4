import {
  Body,
  Delete,
  Get,
  HttpCode,
  HttpStatus,
  Param,
  Patch,
  Post,
  Query,
  UseInterceptors,
} from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { CurrentTenant } from '#libs/access';
import { PageQueryDto } from '#libs/http-api';
import { type Caller, SubscriptionsService } from '#libs/subscriptions';
import { CurrentCaller } from '../http/caller.js';
import { SubscriptionIdPipe } from '../http/id.pipe.js';
import { IfMatch } from '../http/if-match.js';
import { membersOf } from '../http/members-of.js';
import { ApiController, Operation } from '../http/operation.js';
import { ChallengeProblemDto } from './challenge-problem.dto.js';
import { SubscriptionDto, SubscriptionPageDto, SubscriptionWithSecretDto } from './subscription.dto.js';
import { SubscriptionHeaders } from './subscription-headers.interceptor.js';
import { CreateSubscriptionDto, PatchSubscriptionDto } from './subscription-input.dto.js';

const CHALLENGE_FAILED = {
  type: ChallengeProblemDto,
  description:
    'The URL did not prove that it wants events (`challenge_failed`, with its steps), or a field is not usable.',
};
const IF_MATCH = {
  name: 'If-Match',
  required: false,
  description: 'The `ETag` that you have seen; else 412.',
};

@ApiController('subscriptions', 'subscriptions')
@UseInterceptors(SubscriptionHeaders)
export class SubscriptionsController {
  constructor(private readonly subscriptions: SubscriptionsService) {}

  @Get()
  @Operation({ id: 'listSubscriptions', summary: 'Subscriptions, the oldest first', role: 'viewer' })
  @ApiOkResponse({ type: SubscriptionPageDto })
  async list(@CurrentTenant() tenantId: string, @Query() query: PageQueryDto): Promise<SubscriptionPageDto> {
    const { data, nextCursor } = await this.subscriptions.list({ ...membersOf(query), tenantId });
    return { data: data.map((view) => SubscriptionDto.of(view)), nextCursor };
  }

  @Post()
  @Operation({
    id: 'createSubscription',
    summary: 'Subscribe a URL',
    description:
      'The URL is challenged first. If it fails, nothing is stored and the answer names the steps.',
    role: 'manager',
  })
  @ApiCreatedResponse({ type: SubscriptionWithSecretDto })
  @ApiUnprocessableEntityResponse(CHALLENGE_FAILED)
  async create(
    @CurrentCaller() caller: Caller,
    @Body() body: CreateSubscriptionDto,
  ): Promise<SubscriptionWithSecretDto> {
    return SubscriptionWithSecretDto.ofCreated(await this.subscriptions.create(caller, body));
  }

  @Get(':id')
  @Operation({ id: 'getSubscription', summary: 'One subscription', role: 'viewer' })
  @ApiOkResponse({ type: SubscriptionDto })
  async get(
    @CurrentTenant() tenantId: string,
    @Param('id', SubscriptionIdPipe) id: string,
  ): Promise<SubscriptionDto> {
    return SubscriptionDto.of(await this.subscriptions.get({ tenantId, id }));
  }

  @Patch(':id')
  @Operation({
    id: 'patchSubscription',
    summary: 'Change a subscription',
    description:
      'A new URL, profile or handshake is challenged first; if that fails, everything stays as it was.',
    role: 'manager',
  })
  @ApiHeader(IF_MATCH)
  @ApiOkResponse({ type: SubscriptionDto })
  @ApiUnprocessableEntityResponse(CHALLENGE_FAILED)
  async patch(
    @CurrentCaller() caller: Caller,
    @Param('id', SubscriptionIdPipe) id: string,
    @IfMatch() ifMatch: number | undefined,
    @Body() body: PatchSubscriptionDto,
  ): Promise<SubscriptionDto> {
    return SubscriptionDto.of(await this.subscriptions.patch({ ...caller, id, ...condition(ifMatch) }, body));
  }

  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Operation({ id: 'deleteSubscription', summary: 'Remove a subscription with its secrets', role: 'manager' })
  @ApiHeader(IF_MATCH)
  @ApiNoContentResponse()
  remove(
    @CurrentTenant() tenantId: string,
    @Param('id', SubscriptionIdPipe) id: string,
    @IfMatch() ifMatch: number | undefined,
  ): Promise<void> {
    return this.subscriptions.remove({ tenantId, id, ...condition(ifMatch) });
  }
}

function condition(ifMatch: number | undefined): { ifMatch?: number } {
  return ifMatch === undefined ? {} : { ifMatch };
}
