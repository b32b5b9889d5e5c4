import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** The time that an event has in the requests of one subscription, where no two may have the same. */
@Entity({ name: 'event_moment' })
@Unique('event_moment_own', ['subscriptionId', 'moment'])
export class EventMomentRow {
  @PrimaryColumn({ name: 'subscription_id', type: 'uuid', primaryKeyConstraintName: 'event_moment_pk' })
  readonly subscriptionId!: string;
  @PrimaryColumn({ name: 'event_id', type: 'uuid', primaryKeyConstraintName: 'event_moment_pk' })
  readonly eventId!: string;
  @Column({ type: 'timestamptz' }) readonly moment!: Date;
}
