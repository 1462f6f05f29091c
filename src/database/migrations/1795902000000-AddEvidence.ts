import type { MigrationInterface, QueryRunner } from 'typeorm';
import { selectContributions, voidedBy } from './contribution-statements.js';
import {
  addAllContributions as addAll,
  createRebuildFunction,
  createTestTrigger,
  quoteSchema,
} from './rebuild-function.js';
import { addTests, BY_HOUR as TESTS_BY_HOUR, BY_KIND as TESTS_BY_KIND, selectTests } from './rollup-statements.js';

const ROLLUPS = ['test_rollups_by_hour', 'test_rollups_by_kind'];

/**
 * Errored tests, XP per hour, and voided events in the rollups. Indexes for voided events, for the evidence of tests, and
 * for the leaderboard of a period.
 */
export class AddEvidence1795902000000 implements MigrationInterface {
  readonly name = 'AddEvidence1795902000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    const schema = await quoteSchema(queryRunner);
    await queryRunner.query(`
            DROP VIEW "agent_tests"
        `);
    for (const table of ROLLUPS) {
      await queryRunner.query(`
            ALTER TABLE "${table}"
                ADD COLUMN "errored" bigint NOT NULL DEFAULT '0',
                ADD COLUMN "xp" numeric NOT NULL DEFAULT '0',
                ADD COLUMN "custody_xp" numeric NOT NULL DEFAULT '0'
        `);
    }
    await queryRunner.query(`
            CREATE UNIQUE INDEX "uq_agent_events_voided" ON "agent_events" ("agent_type", (payload -> 'version'))
            WHERE type = 'voided'
        `);
    await queryRunner.query(`
            CREATE INDEX "ix_agent_events_evidence" ON "agent_events" ("agent_type", "version")
            WHERE payload ? 'evidence'
        `);
    await queryRunner.query(`
            CREATE INDEX "ix_test_rollups_by_hour_period" ON "test_rollups_by_hour" ("hour")
            WHERE agent_type <> '*'
        `);
    await queryRunner.query(`
            CREATE VIEW "agent_tests" AS${selectContributions('agent_events event', 1)}
                    UNION ALL${selectContributions(voidedBy('', 'agent_events'), -1)}
        `);
    await queryRunner.query(createTestTrigger(schema, voidedBy(`${schema}.`, 'added')));
    await queryRunner.query(
      createRebuildFunction(schema, addAll(`${schema}.`, `SELECT * FROM ${schema}.agent_tests`, '0')),
    );
    await queryRunner.query('SELECT rebuild_rollups()');
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    const schema = await quoteSchema(queryRunner);
    const addAllTests = (tests: string, slot: string): string => `
                    WITH test AS MATERIALIZED (${tests}
                    ), by_hour AS (${addTests(`${schema}.`, TESTS_BY_HOUR, 'test', slot)}
                    )${addTests(`${schema}.`, TESTS_BY_KIND, 'test', slot)};`;
    await queryRunner.query(`
            DROP VIEW "agent_tests"
        `);
    await queryRunner.query(`
            CREATE VIEW "agent_tests" AS${selectTests('agent_events')}
        `);
    await queryRunner.query(`
            CREATE OR REPLACE FUNCTION "roll_up_tests"() RETURNS trigger LANGUAGE plpgsql AS $$
                DECLARE
                    own CONSTANT smallint := ${schema}.free_rollup_slot();
                BEGIN
                    IF EXISTS (SELECT FROM added WHERE type IN ('custody_test', 'adversarial_test')) THEN${addAllTests(selectTests('added'), 'own')}
                    END IF;
                    RETURN NULL;
                END
            $$
        `);
    await queryRunner.query(createRebuildFunction(schema, addAllTests(`SELECT * FROM ${schema}.agent_tests`, '0')));
    for (const index of ['ix_test_rollups_by_hour_period', 'ix_agent_events_evidence', 'uq_agent_events_voided']) {
      await queryRunner.query(`
            DROP INDEX "${index}"
        `);
    }
    for (const table of ROLLUPS) {
      await queryRunner.query(`
            ALTER TABLE "${table}" DROP COLUMN "custody_xp", DROP COLUMN "xp", DROP COLUMN "errored"
        `);
    }
    await queryRunner.query('SELECT rebuild_rollups()');
  }
}
