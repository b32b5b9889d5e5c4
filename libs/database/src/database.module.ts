import { type DynamicModule, Logger, Module } from '@nestjs/common';
import { TypeOrmModule, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import { AppConfig } from '#libs/config';
import { Database } from './database.js';
import { isTransientDatabaseError } from './database-error.js';
import { connectionSettings, connectionShares, lostConnection } from './pools.js';

/** PostgreSQL for the whole process: `Database` for the hot path, TypeORM's repositories for the rest. */
@Module({})
export class DatabaseModule {
  static forRoot(): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      imports: [TypeOrmModule.forRootAsync({ inject: [AppConfig], useFactory: ormOptions })],
      providers: [Database],
      exports: [Database],
    };
  }
}

/** The schema comes from the migrations alone; entities are loaded from the modules that register them. */
function ormOptions(config: AppConfig): TypeOrmModuleOptions {
  return {
    type: 'postgres',
    autoLoadEntities: true,
    synchronize: false,
    installExtensions: false,
    logging: false,
    poolSize: connectionShares(config.database.maxConnections).orm,
    poolErrorHandler: lostConnection(new Logger(DatabaseModule.name)),
    retryAttempts: 10,
    retryDelay: 1_000,
    toRetry: isTransientDatabaseError,
    extra: connectionSettings(config, 'bellhop orm'),
  };
}
