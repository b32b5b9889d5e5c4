import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** An owner of subscriptions and events. */
@Entity({ name: 'tenant' })
@Unique('tenant_name_key', ['name'])
export class Tenant {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'tenant_pk' }) id!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' }) createdAt!: Date;
}
