import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Ids whose events may still be committed, and then get positions at the end of the feed. */
@Entity('feed_gaps')
export class FeedGap {
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'pk_feed_gaps' })
  first_id!: string;

  @Column('bigint')
  last_id!: string;
}
