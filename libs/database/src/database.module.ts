import { type DynamicModule, Logger, Module } from '@nestjs/common';
import { TypeOrmModule, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import type { DataSourceOptions } from 'typeorm';
import { AppConfig } from '#libs/config';
import { Database } from './database.js';
import { isTransientDatabaseError } from './database-error.js';
import { OrmDataSource } from './orm-data-source.js';
import { connectionSettings, connectionShares, lostConnection, QUICK_ANSWER_MS } from './pools.js';

/** PostgreSQL for the whole process: `Database` for the hot path, TypeORM's repositories for the rest. */
@Module({})
export class DatabaseModule {
  static forRoot(): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      imports: [
        TypeOrmModule.forRootAsync({
          inject: [AppConfig],
          useFactory: ormOptions,
          dataSourceFactory: ormDataSource,
        }),
      ],
      providers: [Database],
      exports: [Database],
    };
  }
}

function ormDataSource(options?: DataSourceOptions): Promise<OrmDataSource> {
  if (!options) return Promise.reject(new Error('The data source has no options.'));
  return Promise.resolve(new OrmDataSource(options));
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
    // Whoever calls the API waits for these.
    extra: { ...connectionSettings(config, 'bellhop orm'), query_timeout: QUICK_ANSWER_MS },
  };
}
