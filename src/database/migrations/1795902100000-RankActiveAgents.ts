import type { MigrationInterface, QueryRunner } from 'typeorm';

const INCLUDED = 'learning_score, custody_xp, adversarial_wins, total_tests_given';

/** The index of the ranking includes `is_active`, so that active agents are counted without reading rows. */
export class RankActiveAgents1795902100000 implements MigrationInterface {
  readonly name = 'RankActiveAgents1795902100000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await createIndex(queryRunner, `${INCLUDED}, is_active`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await createIndex(queryRunner, INCLUDED);
  }
}

async function createIndex(queryRunner: QueryRunner, included: string): Promise<void> {
  await queryRunner.query(`
            DROP INDEX "ix_agent_metrics_ranking"
        `);
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
            ) INCLUDE (${included})
        `);
}
