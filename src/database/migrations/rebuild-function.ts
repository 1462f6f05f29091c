import type { QueryRunner } from 'typeorm';
import { addContributions, BY_HOUR, BY_KIND, contributes, selectContributions } from './contribution-statements.js';
import { addAgents } from './rollup-statements.js';

/*
 * SQL of the functions that maintain and rebuild the rollups. It must not change, because it is part of schema migrations.
 */

/** Functions name the schema, so that they do not depend on the search path of their caller. */
export async function quoteSchema(queryRunner: QueryRunner): Promise<string> {
  const [{ schema }] = (await queryRunner.query('SELECT quote_ident(current_schema()) AS schema')) as [
    { schema: string },
  ];
  return schema;
}

/** Adds contributions by hour and by kind. */
export function addAllContributions(schema: string, contributions: string, slot: string): string {
  return `
                    WITH contribution AS MATERIALIZED (${contributions}
                    ), by_hour AS (${addContributions(schema, BY_HOUR, 'contribution', slot)}
                    )${addContributions(schema, BY_KIND, 'contribution', slot)};`;
}

/** Statement that creates `rebuild_rollups()`. Writes are blocked while it runs. */
export function createRebuildFunction(schema: string, addAllTests: string): string {
  return `
            CREATE OR REPLACE FUNCTION "rebuild_rollups"() RETURNS void LANGUAGE plpgsql AS $$
                BEGIN
                    LOCK TABLE ${schema}.agent_metrics, ${schema}.agent_events IN SHARE MODE;
                    DELETE FROM ${schema}.test_rollups_by_hour;
                    DELETE FROM ${schema}.test_rollups_by_kind;
                    DELETE FROM ${schema}.agent_rollups;${addAllTests}
                    ${addAgents(`${schema}.`, [[1, `${schema}.agent_metrics`]], '0')};
                END
            $$
        `;
}

/**
 * Statement that creates the trigger function of new events.
 *
 * @param voided FROM item of the events that were voided by the new ones, which are the table `added`
 */
export function createTestTrigger(schema: string, voided: string): string {
  return `
            CREATE OR REPLACE FUNCTION "roll_up_tests"() RETURNS trigger LANGUAGE plpgsql AS $$
                DECLARE
                    own CONSTANT smallint := ${schema}.free_rollup_slot();
                BEGIN
                    IF EXISTS (SELECT FROM added WHERE ${contributes('added')}) THEN${addAllContributions(`${schema}.`, selectContributions('added event', 1), 'own')}
                    END IF;
                    IF EXISTS (SELECT FROM added WHERE type = 'voided') THEN${addAllContributions(`${schema}.`, selectContributions(voided, -1), 'own')}
                    END IF;
                    RETURN NULL;
                END
            $$
        `;
}
