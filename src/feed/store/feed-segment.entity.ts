import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * Consecutive positions of consecutive ids: the event with the id `first_id + n` has the position `first_position + n`. A
 * segment ends before the next one begins; the last one ends at `feed_state.last_position`. Rows are never changed.
 */
@Entity('feed_segments')
export class FeedSegment {
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'pk_feed_segments' })
  first_position!: string;

  @Column('bigint')
  first_id!: string;
}
