import type { MigrationInterface, QueryRunner } from 'typeorm';

const FIELDS = ['run_id', 'agent_version'];

/** The tests of a run and of an agent version, of one agent or of all. Events without the field are not in the index. */
export class IndexEvidence1795902200000 implements MigrationInterface {
  readonly name = 'IndexEvidence1795902200000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    for (const field of FIELDS) {
      const value = `(payload -> 'evidence' ->> '${field}')`;
      await queryRunner.query(`
            CREATE INDEX "ix_agent_events_${field}" ON "agent_events" (${value}, "agent_type", "version")
            WHERE ${value} IS NOT NULL
        `);
    }
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    for (const field of FIELDS) {
      await queryRunner.query(`
            DROP INDEX "ix_agent_events_${field}"
        `);
    }
  }
}
