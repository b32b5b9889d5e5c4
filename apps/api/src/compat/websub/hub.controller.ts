import {
  Body,
  Controller,
  Headers,
  HttpCode,
  HttpStatus,
  Ip,
  Post,
  Req,
  UnsupportedMediaTypeException,
  UseFilters,
} from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Hub, Topics } from '#libs/subscriptions';
import { HubAddress } from './hub-address.js';
import { HubRequestDto } from './hub.dto.js';
import { HubErrors } from './hub-errors.filter.js';
import { readHubForm } from './hub-form.js';
import { HubRequestsLimit } from './hub-requests-limit.js';

const FORM = 'application/x-www-form-urlencoded';

/** Where subscribers of WebSub subscribe: to know a topic's URL is all that they need. */
@Controller('hub')
@UseFilters(HubErrors)
@ApiTags('websub')
export class HubController {
  constructor(
    private readonly hub: Hub,
    private readonly topics: Topics,
    private readonly address: HubAddress,
    private readonly limit: HubRequestsLimit,
  ) {}

  @Post()
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiOperation({
    operationId: 'hubRequest',
    summary: 'Subscribe a callback to a topic, or unsubscribe it',
    description:
      'The callback is asked afterwards whether it wants that; a 202 says nothing but that it will be.',
    security: [],
  })
  @ApiConsumes(FORM)
  @ApiBody({ type: HubRequestDto })
  @ApiAcceptedResponse({ description: 'The callback will be asked.' })
  async take(
    @Body() body: unknown,
    @Headers('content-type') type: string | undefined,
    @Ip() from: string,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    this.limit.refuseTooMany(from);
    this.limit.note(from);
    if (type?.toLowerCase().startsWith(FORM) !== true) throw new UnsupportedMediaTypeException();
    const { mode, topic: spelt, callback, ...terms } = readHubForm(body);
    const topic = await this.topics.find(this.address.tokenIn(spelt, request) ?? '');
    const { url, hubUrl } = this.address.of(topic, request);
    const place = { topic, spelt, url, hubUrl };
    if (mode === 'subscribe') await this.hub.subscribe(place, { callback, ...terms });
    else await this.hub.unsubscribe(place, callback);
  }
}
