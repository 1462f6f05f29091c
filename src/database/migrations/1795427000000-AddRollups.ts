import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addAgents, addTests, BY_HOUR, BY_KIND, selectTests } from './rollup-statements.js';

/** Transactions that can write to the rollups of all agents at the same time. */
const SLOTS = 16;

/** Adds up these tests, by hour and by kind. */
function addAllTests(schema: string, tests: string, slot: string): string {
  return `
                    WITH test AS MATERIALIZED (${tests}
                    ), by_hour AS (${addTests(schema, BY_HOUR, 'test', slot)}
                    )${addTests(schema, BY_KIND, 'test', slot)};`;
}

export class AddRollups1795427000000 implements MigrationInterface {
  readonly name = 'AddRollups1795427000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    // Functions name the schema, so that they work whatever search path their caller has.
    const [{ schema }] = (await queryRunner.query('SELECT quote_ident(current_schema()) AS schema')) as [
      { schema: string },
    ];
    await queryRunner.query(`
            CREATE TABLE "test_rollups_by_hour" (
                "agent_type" character varying(50) NOT NULL,
                "hour" TIMESTAMP WITH TIME ZONE NOT NULL,
                "slot" smallint NOT NULL,
                "tests" bigint NOT NULL,
                "passed" bigint NOT NULL,
                "score" numeric NOT NULL,
                "timed" bigint NOT NULL,
                "duration" numeric NOT NULL,
                CONSTRAINT "pk_test_rollups_by_hour" PRIMARY KEY ("agent_type", "hour", "slot")
            ) WITH (fillfactor = 90)
        `);
    await queryRunner.query(`
            CREATE TABLE "test_rollups_by_kind" (
                "agent_type" character varying(50) NOT NULL,
                "category" character varying(50) NOT NULL,
                "difficulty" character varying(20) NOT NULL,
                "slot" smallint NOT NULL,
                "tests" bigint NOT NULL,
                "passed" bigint NOT NULL,
                "score" numeric NOT NULL,
                "timed" bigint NOT NULL,
                "duration" numeric NOT NULL,
                CONSTRAINT "pk_test_rollups_by_kind" PRIMARY KEY ("agent_type", "category", "difficulty", "slot")
            ) WITH (fillfactor = 70)
        `);
    await queryRunner.query(`
            CREATE TABLE "agent_rollups" (
                "current_difficulty" character varying(20) NOT NULL,
                "slot" smallint NOT NULL,
                "agents" bigint NOT NULL,
                "active_agents" bigint NOT NULL,
                "learning_score" numeric NOT NULL,
                "learning_cycles" bigint NOT NULL,
                "xp" bigint NOT NULL,
                "level" bigint NOT NULL,
                "tests_passed" bigint NOT NULL,
                "tests_failed" bigint NOT NULL,
                "adversarial_wins" bigint NOT NULL,
                "custody_xp" bigint NOT NULL,
                "custody_level" bigint NOT NULL,
                CONSTRAINT "pk_agent_rollups" PRIMARY KEY ("current_difficulty", "slot")
            ) WITH (fillfactor = 30)
        `);
    // The first slot that no other running transaction has. When all are taken, the row of one of them is waited for.
    await queryRunner.query(`
            CREATE FUNCTION "free_rollup_slot"() RETURNS smallint LANGUAGE plpgsql AS $$
                DECLARE
                    rollups CONSTANT integer := '${schema}.agent_rollups'::regclass::oid::integer;
                BEGIN
                    FOR slot IN 0..${SLOTS - 1} LOOP
                        IF pg_try_advisory_xact_lock(rollups, slot) THEN RETURN slot; END IF;
                    END LOOP;
                    RETURN pg_backend_pid() % ${SLOTS};
                END
            $$
        `);
    await queryRunner.query(`
            CREATE FUNCTION "roll_up_tests"() RETURNS trigger LANGUAGE plpgsql AS $$
                DECLARE
                    own CONSTANT smallint := ${schema}.free_rollup_slot();
                BEGIN
                    IF EXISTS (SELECT FROM added WHERE type IN ('custody_test', 'adversarial_test')) THEN${addAllTests(`${schema}.`, selectTests('added'), 'own')}
                    END IF;
                    RETURN NULL;
                END
            $$
        `);
    await queryRunner.query(`
            CREATE FUNCTION "roll_up_agents"() RETURNS trigger LANGUAGE plpgsql AS $$
                DECLARE
                    own CONSTANT smallint := ${schema}.free_rollup_slot();
                BEGIN
                    IF TG_OP = 'UPDATE' THEN${addAgents(
                      `${schema}.`,
                      [
                        [1, 'added'],
                        [-1, 'removed'],
                      ],
                      'own',
                    )};
                    ELSIF TG_OP = 'INSERT' THEN${addAgents(`${schema}.`, [[1, 'added']], 'own')};
                    ELSIF TG_OP = 'DELETE' THEN${addAgents(`${schema}.`, [[-1, 'removed']], 'own')};
                    ELSE
                        DELETE FROM ${schema}.agent_rollups;
                    END IF;
                    RETURN NULL;
                END
            $$
        `);
    await queryRunner.query(`
            CREATE VIEW "agent_tests" AS${selectTests('agent_events')}
        `);
    // Nothing is written while this runs; what it finds is what it adds up.
    await queryRunner.query(`
            CREATE FUNCTION "rebuild_rollups"() RETURNS void LANGUAGE plpgsql AS $$
                BEGIN
                    LOCK TABLE ${schema}.agent_metrics, ${schema}.agent_events IN SHARE MODE;
                    DELETE FROM ${schema}.test_rollups_by_hour;
                    DELETE FROM ${schema}.test_rollups_by_kind;
                    DELETE FROM ${schema}.agent_rollups;${addAllTests(`${schema}.`, `SELECT * FROM ${schema}.agent_tests`, '0')}
                    ${addAgents(`${schema}.`, [[1, `${schema}.agent_metrics`]], '0')};
                END
            $$
        `);
    await queryRunner.query(`
            CREATE TRIGGER "roll_up_tests" AFTER INSERT ON "agent_events"
            REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION roll_up_tests()
        `);
    for (const [event, tables] of [
      ['INSERT', 'REFERENCING NEW TABLE AS added'],
      ['UPDATE', 'REFERENCING NEW TABLE AS added OLD TABLE AS removed'],
      ['DELETE', 'REFERENCING OLD TABLE AS removed'],
      ['TRUNCATE', ''],
    ] as const) {
      await queryRunner.query(`
            CREATE TRIGGER "roll_up_agents_${event.toLowerCase()}" AFTER ${event} ON "agent_metrics"
            ${tables} FOR EACH STATEMENT EXECUTE FUNCTION roll_up_agents()
        `);
    }
    await queryRunner.query('SELECT rebuild_rollups()');
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    for (const event of ['truncate', 'delete', 'update', 'insert']) {
      await queryRunner.query(`
            DROP TRIGGER "roll_up_agents_${event}" ON "agent_metrics"
        `);
    }
    await queryRunner.query(`
            DROP TRIGGER "roll_up_tests" ON "agent_events"
        `);
    for (const rollUp of ['rebuild_rollups', 'roll_up_agents', 'roll_up_tests', 'free_rollup_slot']) {
      await queryRunner.query(`
            DROP FUNCTION "${rollUp}"()
        `);
    }
    await queryRunner.query(`
            DROP VIEW "agent_tests"
        `);
    for (const table of ['agent_rollups', 'test_rollups_by_kind', 'test_rollups_by_hour']) {
      await queryRunner.query(`
            DROP TABLE "${table}"
        `);
    }
  }
}
