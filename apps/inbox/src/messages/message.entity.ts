import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

export type MessageStatus = 'new' | 'processed' | 'failed';

/** What was received: an id, the payload as it came, and how far the work on it is. */
@Entity({ schema: 'inbox', name: 'message' })
@Check('message_status_check', `status IN ('new', 'processed', 'failed')`)
@Index('message_received_idx', ['receivedAt', 'id'])
@Index('message_new_idx', ['receivedAt'], { where: `status = 'new'` })
export class Message {
  /** The sender's `webhook-id`: the same for every attempt, so a repeated one is a duplicate. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'message_pk' })
  readonly id!: string;

  @Column({ type: 'text' })
  readonly type!: string;

  @Column({ type: 'bytea' })
  readonly payload!: Buffer;

  @Column({ type: 'text', default: 'new' })
  readonly status!: MessageStatus;

  @Column({ type: 'text', nullable: true })
  readonly failure!: string | null;

  @Column({ name: 'received_count', type: 'integer', default: 1 })
  readonly receivedCount!: number;

  @Column({ name: 'received_at', type: 'timestamptz', default: () => 'now()' })
  readonly receivedAt!: Date;

  @Column({ name: 'processed_at', type: 'timestamptz', nullable: true })
  readonly processedAt!: Date | null;
}
