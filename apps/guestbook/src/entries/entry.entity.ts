import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One signature in the guestbook. */
@Entity({ schema: 'guestbook', name: 'entry' })
export class Entry {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'entry_pk' })
  readonly id!: string;

  @Column({ type: 'text' })
  readonly name!: string;

  @Column({ type: 'text' })
  readonly message!: string;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  readonly createdAt!: Date;
}
