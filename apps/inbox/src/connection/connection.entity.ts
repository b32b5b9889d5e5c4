import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { Behaviour } from './behaviour.js';

/** The one row that says what this inbox is connected to and how it is told to behave. */
@Entity({ schema: 'inbox', name: 'connection' })
@Check('connection_is_only_check', 'is_only')
export class Connection {
  @PrimaryColumn({
    name: 'is_only',
    type: 'boolean',
    default: true,
    primaryKeyConstraintName: 'connection_pk',
  })
  readonly isOnly!: boolean;

  @Column({ name: 'subscription_id', type: 'text', nullable: true })
  readonly subscriptionId!: string | null;

  /** What senders must sign with. */
  @Column({ type: 'text', nullable: true })
  readonly secret!: string | null;

  /** Set while the platform is asked; the challenge arrives during that time. */
  @Column({ name: 'connecting_since', type: 'timestamptz', nullable: true })
  readonly connectingSince!: Date | null;

  /** Null: behaves well. */
  @Column({ type: 'jsonb', nullable: true })
  readonly behaviour!: Behaviour | null;

  @Column({ name: 'refused_count', type: 'integer', default: 0 })
  readonly refusedCount!: number;

  @Column({ name: 'last_refusal', type: 'text', nullable: true })
  readonly lastRefusal!: string | null;
}
