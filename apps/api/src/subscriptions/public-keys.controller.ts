import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SubscriptionsService } from '#libs/subscriptions';
import { SubscriptionIdPipe } from '../http/id.pipe.js';
import { JwkSetDto } from './public-keys.dto.js';

/** Receivers look a key up again at most so often; a rotation shows both keys for longer than that. */
const CACHE = 'public, max-age=300';

/**
 * What receivers verify asymmetric signatures with. Each subscription has a set of its own: its owner may have chosen
 * the key, so whoever trusted those of all would believe them all.
 */
@Controller('v1/subscriptions/:id/jwks.json')
@ApiTags('subscriptions')
export class PublicKeysController {
  constructor(private readonly subscriptions: SubscriptionsService) {}

  @Get()
  @Header('content-type', 'application/jwk-set+json')
  @Header('cache-control', CACHE)
  @Header('access-control-allow-origin', '*')
  @ApiOperation({
    operationId: 'getPublicKeys',
    summary: 'The public keys of a subscription, for its receiver',
    description: 'The keys that sign now, newest first, as a JWK Set. `kid` is the `keyid` of signatures.',
    security: [],
  })
  @ApiOkResponse({ type: JwkSetDto })
  async get(@Param('id', SubscriptionIdPipe) id: string): Promise<JwkSetDto> {
    return JwkSetDto.of(await this.subscriptions.publicKeys(id));
  }
}
