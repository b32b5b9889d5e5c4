import { Body, Get, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { TenantsService } from '#libs/access';
import { PageQueryDto } from '#libs/http-api';
import { ApiController, Operation } from '../http/operation.js';
import { PlatformGuard } from '../http/platform.guard.js';
import { CreateTenantDto, TenantDto, TenantPageDto } from './tenant.dto.js';

@ApiController('admin/tenants', 'admin', PlatformGuard)
export class TenantsController {
  constructor(private readonly tenants: TenantsService) {}

  @Get()
  @Operation({ id: 'listTenants', summary: 'All tenants, the oldest first', role: 'admin' })
  @ApiOkResponse({ type: TenantPageDto })
  async list(@Query() query: PageQueryDto): Promise<TenantPageDto> {
    const { data, nextCursor } = await this.tenants.list(query);
    return { data: data.map((tenant) => TenantDto.of(tenant)), nextCursor };
  }

  @Post()
  @Operation({ id: 'createTenant', summary: 'Add a tenant', role: 'admin' })
  @ApiCreatedResponse({ type: TenantDto })
  async create(@Body() body: CreateTenantDto): Promise<TenantDto> {
    return TenantDto.of(await this.tenants.create(body));
  }
}
