import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** End of the feed: one row, which the sequencer locks. */
@Entity('feed_state')
@Check('ck_feed_state_one_row', 'id = 1')
export class FeedState {
  @PrimaryColumn('smallint', { primaryKeyConstraintName: 'pk_feed_state' })
  id!: 1;

  /** Every `agent_events.id` up to this one has a position, is in `feed_gaps`, or belongs to no event. */
  @Column('bigint')
  last_id!: string;

  /** Last position that was assigned. */
  @Column('bigint')
  last_position!: string;
}
