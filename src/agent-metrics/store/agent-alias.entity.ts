import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { AGENT_TYPE_MAX_LENGTH } from '../../progression/index.js';

/** An earlier name of an agent. It is not available to other agents until the agent is erased. */
@Entity('agent_aliases')
@Index('ix_agent_aliases_agent_type', ['agent_type'])
export class AgentAlias {
  @PrimaryColumn('varchar', {
    length: AGENT_TYPE_MAX_LENGTH,
    collation: 'C',
    primaryKeyConstraintName: 'pk_agent_aliases',
  })
  name!: string;

  /** Current name of the agent. */
  @Column({ type: 'varchar', length: AGENT_TYPE_MAX_LENGTH, collation: 'C' })
  agent_type!: string;

  /** `renamed`: the agent's events are recorded under the current name. `merged`: they remain under this name. */
  @Column('varchar', { length: 10 })
  kind!: 'renamed' | 'merged';

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;
}
