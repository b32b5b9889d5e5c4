import { Controller, Get, Headers, Param, Query, Res, type Type } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Assets } from './assets.js';

/** The controller of one app's files; each app has its own, because in one process they stand side by side. */
export function assetsControllerAt(path: string): Type {
  @ApiExcludeController()
  @Controller(path)
  class AssetsController {
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
  return AssetsController;
}
