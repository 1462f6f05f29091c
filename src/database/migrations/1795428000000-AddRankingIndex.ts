import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddRankingIndex1795428000000 implements MigrationInterface {
  readonly name = 'AddRankingIndex1795428000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    // The included columns permit index-only counts of agents.
    await queryRunner.query(`
            CREATE INDEX "ix_agent_metrics_ranking" ON "agent_metrics" (
                (- learning_score),
                (- custody_xp),
                (
                    - CASE
                        WHEN total_tests_given = 0 THEN 0
                        ELSE adversarial_wins::double precision / total_tests_given
                    END
                ),
                agent_type COLLATE "C"
            ) INCLUDE (learning_score, custody_xp, adversarial_wins, total_tests_given)
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            DROP INDEX "ix_agent_metrics_ranking"
        `);
  }
}
