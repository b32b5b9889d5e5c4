export { bytesArray, plainArray, PlainArray, textArray } from './array-literal.js';
export { Database, type DatabaseClient, type PreparedStatement } from './database.js';
export { isCancelled, isLostRace, isTransientDatabaseError } from './database-error.js';
export { DatabaseModule } from './database.module.js';
export { embeddedKeyring } from './embedded/embedded-keyring.js';
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from './embedded/embedded-postgres.js';
export { migrate } from './migrate.js';
