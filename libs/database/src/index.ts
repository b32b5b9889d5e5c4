export { Database, type DatabaseClient } from './database.js';
export { isTransientDatabaseError } from './database-error.js';
export { DatabaseModule } from './database.module.js';
export { migrate } from './migrate.js';
