import { Body, Delete, Get, Header, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse } from '@nestjs/swagger';
import { ApiKeysService, CurrentPrincipal, type Principal } from '#libs/access';
import { ApiKeyIdPipe } from '../http/id.pipe.js';
import { membersOf } from '../http/members-of.js';
import { ApiController, Operation } from '../http/operation.js';
import {
  ApiKeyDto,
  ApiKeyPageDto,
  ApiKeyQueryDto,
  CreateApiKeyDto,
  CreatedApiKeyDto,
  wantedKey,
  wantedKeys,
} from './api-key.dto.js';

@ApiController('admin/api-keys', 'admin')
export class ApiKeysController {
  constructor(private readonly apiKeys: ApiKeysService) {}

  @Get()
  @Operation({
    id: 'listApiKeys',
    summary: 'API keys that are not revoked',
    description: "A tenant's admin sees the keys of its tenant, a platform admin those of everyone.",
    role: 'admin',
  })
  @ApiOkResponse({ type: ApiKeyPageDto })
  async list(@CurrentPrincipal() by: Principal, @Query() query: ApiKeyQueryDto): Promise<ApiKeyPageDto> {
    const { data, nextCursor } = await this.apiKeys.list(by, wantedKeys(query));
    return { data: data.map((apiKey) => ApiKeyDto.of(apiKey)), nextCursor };
  }

  @Post()
  @Header('cache-control', 'no-store')
  @Operation({ id: 'createApiKey', summary: 'Hand out an API key', role: 'admin' })
  @ApiCreatedResponse({ type: CreatedApiKeyDto })
  async create(@CurrentPrincipal() by: Principal, @Body() body: CreateApiKeyDto): Promise<CreatedApiKeyDto> {
    const { apiKey, key } = await this.apiKeys.create(by, wantedKey(by, body));
    return { ...membersOf(ApiKeyDto.of(apiKey)), key };
  }

  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Operation({ id: 'revokeApiKey', summary: 'Stop an API key, within a second on every node', role: 'admin' })
  @ApiNoContentResponse()
  revoke(@CurrentPrincipal() by: Principal, @Param('id', ApiKeyIdPipe) id: string): Promise<void> {
    return this.apiKeys.revoke(by, id);
  }
}
