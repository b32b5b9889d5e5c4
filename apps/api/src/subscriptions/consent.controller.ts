import { Controller, Get, Header, Headers, HttpCode, HttpStatus, Param, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { LateConsent } from '#libs/subscriptions';

const THANKS = 'Thank you. Events will be delivered.\n';

/** Where receivers consent that were asked before: the token in the address is all that they need. */
@ApiExcludeController()
@Controller('consent/:token')
export class ConsentController {
  constructor(private readonly consents: LateConsent) {}

  /** A person may open the address that stands in the receiver's log. */
  @Get()
  @Header('cache-control', 'no-store')
  @Header('content-type', 'text/plain; charset=utf-8')
  async open(@Param('token') token: string): Promise<string> {
    await this.consents.give(token, undefined);
    return THANKS;
  }

  @Post()
  @HttpCode(HttpStatus.OK)
  @Header('cache-control', 'no-store')
  @Header('content-type', 'text/plain; charset=utf-8')
  async give(
    @Param('token') token: string,
    @Headers('webhook-allowed-rate') rate: string | undefined,
  ): Promise<string> {
    await this.consents.give(token, rate);
    return THANKS;
  }
}
