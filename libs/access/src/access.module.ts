import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApiKeyGuard } from './api-key.guard.js';
import { ApiKey } from './api-key.entity.js';
import { ApiKeysService } from './api-keys.service.js';
import { Authenticator } from './authenticator.js';
import { SettingsKeys } from './settings-keys.js';
import { Tenant } from './tenant.entity.js';
import { TenantsService } from './tenants.service.js';

/** Tenants, API keys, and the guard that asks for them; the application decides where the guard stands. */
@Module({
  imports: [TypeOrmModule.forFeature([Tenant, ApiKey])],
  providers: [TenantsService, ApiKeysService, SettingsKeys, Authenticator, ApiKeyGuard],
  exports: [TenantsService, ApiKeysService, SettingsKeys, Authenticator, ApiKeyGuard],
})
export class AccessModule {}
