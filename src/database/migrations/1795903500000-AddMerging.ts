import type { MigrationInterface, QueryRunner } from 'typeorm';
import { SUMS, voidedBy, voidedByKey } from './contribution-statements.js';
import { addAllContributions, createRebuildFunction, createTestTrigger, quoteSchema } from './rebuild-function.js';

/**
 * Tests of merged agents are counted in the rollups of the agent that they were merged into. The trigger finds a voided event
 * by the primary key.
 */
export class AddMerging1795903500000 implements MigrationInterface {
  readonly name = 'AddMerging1795903500000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    const schema = await quoteSchema(queryRunner);
    await queryRunner.query(`
            CREATE INDEX "ix_agent_events_merged" ON "agent_events" ((payload -> 'source' ->> 'head'))
            WHERE type = 'merged'
        `);
    await queryRunner.query(createTestTrigger(schema, voidedByKey(`${schema}.`, 'added')));
    const tests = `
                        SELECT coalesce(merged.agent_type, test.agent_type) AS agent_type,
                            test.hour, test.category, test.difficulty, test.is_test, ${SUMS.map((sum) => `test.${sum}`).join(', ')}
                        FROM ${schema}.agent_tests test
                        LEFT JOIN ${schema}.agent_aliases merged ON merged.name = test.agent_type AND merged.kind = 'merged'`;
    await queryRunner.query(createRebuildFunction(schema, addAllContributions(`${schema}.`, tests, '0')));
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    const schema = await quoteSchema(queryRunner);
    const tests = `SELECT * FROM ${schema}.agent_tests`;
    await queryRunner.query(createRebuildFunction(schema, addAllContributions(`${schema}.`, tests, '0')));
    await queryRunner.query(createTestTrigger(schema, voidedBy(`${schema}.`, 'added')));
    await queryRunner.query(`
            DROP INDEX "ix_agent_events_merged"
        `);
  }
}
