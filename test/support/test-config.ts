import { type AppConfig, loadConfig } from '#libs/config';

export const TEST_ADMIN_KEY = 'admin-key-of-the-tests-0123456789abcdef';
export const TEST_KEYRING = `test:${Buffer.alloc(32, 7).toString('base64')}`;

/**
 * Settings for a test, through the same validation as the product's: quiet, any free port, loopback targets
 * allowed. Name variables to change something, e.g. `testConfig({ DATABASE_URL: database.url })`.
 */
export function testConfig(env: Readonly<Record<string, string>> = {}): AppConfig {
  return loadConfig({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    PORT: '0',
    BELLHOP_ADMIN_KEY: TEST_ADMIN_KEY,
    BELLHOP_SECRET_KEYS: TEST_KEYRING,
    BELLHOP_SHUTDOWN_SECONDS: '5',
    ...env,
  });
}
