import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Assets } from '#libs/web-pages';

/** Where the inbox's files are; the guestbook has its own beside it. */
export const ASSETS_PATH = '/assets/inbox';

@ApiExcludeController()
@Controller(ASSETS_PATH)
export class InboxAssetsController {
  constructor(private readonly assets: Assets) {}

  @Get(':name')
  async file(
    @Param('name') name: string,
    @Query('v') version: string | undefined,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.assets.send({ name, version, ifNoneMatch }, reply);
  }
}
