import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How many attempts one process recorded in a minute; kept for as long as the overview looks back. */
@Entity({ name: 'attempt_tally' })
export class AttemptTallyRow {
  @PrimaryColumn({ type: 'timestamptz', primaryKeyConstraintName: 'attempt_tally_pk' })
  readonly minute!: Date;
  @PrimaryColumn({ name: 'process_id', type: 'uuid', primaryKeyConstraintName: 'attempt_tally_pk' })
  readonly processId!: string;
  @Column({ type: 'int' }) readonly attempts!: number;
  @Column({ type: 'int' }) readonly failed!: number;
}
