import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A proposal of an agent: a table of the host. */
@Entity('proposals')
export class Proposal {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column('varchar', { length: 50 })
  agent_type!: string;

  @Column('text')
  text!: string;
}
