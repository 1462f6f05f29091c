import type { MigrationInterface, QueryRunner } from 'typeorm';

const TIMES = ['last_learning_cycle', 'last_success', 'last_failure', 'last_test_date', 'created_at', 'updated_at'];

/**
 * Refuses values of manually edited rows that the API cannot return. Not validated: existing rows with such values remain.
 * The migration reports them, and validates the constraints if there are none (`validate-constraints.ts`).
 */
export class CheckListsAndTimes1795900100000 implements MigrationInterface {
  readonly name = 'CheckListsAndTimes1795900100000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            ALTER TABLE "agent_metrics"
            ADD CONSTRAINT "ck_agent_metrics_lists" CHECK (
                    jsonb_typeof(test_history) = 'array'
                    AND jsonb_typeof(learning_patterns) = 'array'
                    AND jsonb_typeof(improvement_suggestions) = 'array'
                ) NOT VALID,
            ADD CONSTRAINT "ck_agent_metrics_times" CHECK (
                    ${TIMES.map((time) => `${time} >= '0001-01-01T00:00:00Z' AND ${time} < '10000-01-01T00:00:00Z'`).join('\n                    AND ')}
                ) NOT VALID,
            ADD CONSTRAINT "ck_agent_metrics_version" CHECK (version >= 0) NOT VALID
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            ALTER TABLE "agent_metrics"
            DROP CONSTRAINT "ck_agent_metrics_version",
            DROP CONSTRAINT "ck_agent_metrics_times",
            DROP CONSTRAINT "ck_agent_metrics_lists"
        `);
  }
}
