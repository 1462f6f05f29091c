import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['agent_metrics', 'agent_events', 'test_rollups_by_hour', 'test_rollups_by_kind'];

/**
 * Agent types are compared byte by byte, whatever the database sorts words by: exports and pages have the same order
 * everywhere, comparisons are cheaper, and indexes outlive an update of the operating system's collations. Rows stay as
 * they are; the indexes on agent types are made anew, while nobody can write. A view of one's own that reads agent_type has
 * to be dropped before, and made again.
 */
export class CollateAgentTypes1795439000000 implements MigrationInterface {
  readonly name = 'CollateAgentTypes1795439000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await collate(queryRunner, '"C"');
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await collate(queryRunner, '"default"');
  }
}

async function collate(queryRunner: QueryRunner, collation: string): Promise<void> {
  // A column that a view reads cannot be altered.
  const [{ view }] = (await queryRunner.query(`SELECT pg_get_viewdef('"agent_tests"'::regclass) AS view`)) as [
    { view: string },
  ];
  await queryRunner.query(`
            DROP VIEW "agent_tests"
        `);
  for (const table of TABLES) {
    await queryRunner.query(`
            ALTER TABLE "${table}" ALTER COLUMN "agent_type" TYPE character varying(50) COLLATE pg_catalog.${collation}
        `);
  }
  await queryRunner.query(`
            CREATE VIEW "agent_tests" AS ${view}
        `);
  // The statistics of a column go with its old type; without them everything that reads by agent type is planned badly
  // until a tenth of the table has changed.
  await queryRunner.query(`
            ANALYZE ${TABLES.map((table) => `"${table}"`).join(', ')}
        `);
}
