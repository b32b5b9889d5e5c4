export { AppConfig, type EgressConfig, type Mode } from './app-config.js';
export { ConfigModule } from './config.module.js';
export { envExample } from './env-example.js';
export { ConfigError, loadConfig } from './load-config.js';
export { requireDatabaseUrl, requireSecretKeys } from './requirements.js';
export { allSettings, type SettingText } from './setting.js';
