export { arrayOf, ArrayParameter, columnOf, type ElementType, type ElementValue } from './array-parameter.js';
export { Database, type DatabaseClient, type PreparedStatement } from './database.js';
export { isCancelled, isDuplicate, isLostRace, isTransientDatabaseError } from './database-error.js';
export { DatabaseModule } from './database.module.js';
export { embeddedKeyring } from './embedded/embedded-keyring.js';
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from './embedded/embedded-postgres.js';
export { migrate } from './migrate.js';
