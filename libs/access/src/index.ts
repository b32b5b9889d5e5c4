export { CurrentPrincipal, CurrentTenant, Public, RequireRole } from './access.decorators.js';
export { AccessModule } from './access.module.js';
export { ApiKey } from './api-key.entity.js';
export { ApiKeyGuard } from './api-key.guard.js';
export { ApiKeysService, type ListApiKeys, type NewApiKey } from './api-keys.service.js';
export { Authenticator } from './authenticator.js';
export { includesRole, type Principal, type Role, ROLES } from './principal.js';
export { Tenant } from './tenant.entity.js';
export { TenantsService } from './tenants.service.js';
