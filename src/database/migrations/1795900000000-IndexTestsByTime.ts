import type { MigrationInterface, QueryRunner } from 'typeorm';

export class IndexTestsByTime1795900000000 implements MigrationInterface {
  readonly name = 'IndexTestsByTime1795900000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            CREATE INDEX "ix_agent_events_tests" ON "agent_events" ("type", "occurred_at", "id")
            WHERE type IN ('custody_test', 'adversarial_test')
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            DROP INDEX "ix_agent_events_tests"
        `);
  }
}
