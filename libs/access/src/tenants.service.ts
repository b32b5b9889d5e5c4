import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThan, Repository } from 'typeorm';
import { AppError, decodeCursor, newId, type Page, pageOf } from '#libs/kernel';
import { Tenant } from './tenant.entity.js';

const MAX_NAME_LENGTH = 128;
const CONTROL = /\p{Cc}/u;

/** Owners of subscriptions and events. Tenants are never removed, so a known id stays known. */
@Injectable()
export class TenantsService {
  private readonly known = new Set<string>();

  constructor(@InjectRepository(Tenant) private readonly tenants: Repository<Tenant>) {}

  async create({ name }: { name: string }): Promise<Tenant> {
    refuseUnusableName(name);
    const inserted = await this.tenants
      .createQueryBuilder()
      .insert()
      .values({ id: newId(), name })
      .orIgnore('("name")')
      .returning('id')
      .execute();
    const [row] = inserted.raw as { id: string }[];
    if (!row) throw new AppError('conflict', 'tenant_exists', 'There is a tenant of this name already.');
    return this.tenants.findOneByOrFail({ id: row.id });
  }

  async list({ limit, cursor }: { limit: number; cursor?: string }): Promise<Page<Tenant>> {
    const where = cursor === undefined ? {} : { id: MoreThan(decodeCursor(cursor)) };
    return pageOf(await this.tenants.find({ where, order: { id: 'ASC' }, take: limit + 1 }), limit);
  }

  async get(id: string): Promise<Tenant> {
    const tenant = await this.tenants.findOneBy({ id });
    if (!tenant) throw tenantNotFound();
    return tenant;
  }

  /** Null if there is none. */
  named(name: string): Promise<Tenant | null> {
    return this.tenants.findOneBy({ name });
  }

  /** Throws `tenant_not_found`; asks the database once per tenant. */
  async expect(id: string): Promise<void> {
    if (this.known.has(id)) return;
    await this.get(id);
    this.known.add(id);
  }
}

export function tenantNotFound(): AppError {
  return new AppError('not_found', 'tenant_not_found', 'There is no such tenant.');
}

function refuseUnusableName(name: string): void {
  if (name.trim() !== '' && name.length <= MAX_NAME_LENGTH && !CONTROL.test(name)) return;
  const message = `must have 1 to ${MAX_NAME_LENGTH} characters, none of them control characters`;
  throw new AppError('invalid', 'invalid_tenant', `The name ${message}.`, {
    errors: [{ field: 'name', message }],
  });
}
