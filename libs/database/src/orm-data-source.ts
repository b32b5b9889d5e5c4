import type pg from 'pg';
import { DataSource } from 'typeorm';
import { closeCompletely } from './closing.js';

/** TypeORM's data source, which is destroyed when its connections are closed, not when they were asked to. */
export class OrmDataSource extends DataSource {
  override async destroy(): Promise<void> {
    const { master } = this.driver as { readonly master?: pg.Pool };
    if (master === undefined) return super.destroy();
    await closeCompletely(master, () => super.destroy());
  }
}
