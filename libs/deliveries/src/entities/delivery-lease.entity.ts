import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * The deliveries of one broker message that went out at intake. It is gone when all of them are settled; if its time
 * is over first, those that are still pending fall due.
 */
@Entity({ name: 'delivery_lease' })
export class DeliveryLeaseRow {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'delivery_lease_pk' }) readonly id!: string;
  @Column({ name: 'lease_until', type: 'timestamptz' }) readonly leaseUntil!: Date;
  /** How many deliveries it stands for. */
  @Column({ type: 'int' }) readonly deliveries!: number;
  @Column({ name: 'event_ids', type: 'uuid', array: true }) readonly eventIds!: string[];
}
