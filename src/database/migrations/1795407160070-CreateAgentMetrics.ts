import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAgentMetrics1795407160070 implements MigrationInterface {
  readonly name = 'CreateAgentMetrics1795407160070';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            CREATE TABLE "agent_metrics" (
                "id" uuid NOT NULL DEFAULT gen_random_uuid(),
                "agent_id" character varying(100) NOT NULL,
                "agent_type" character varying(50) NOT NULL,
                "version" integer NOT NULL DEFAULT '0',
                "ledger_hash" bytea,
                "learning_score" double precision NOT NULL DEFAULT '0',
                "success_rate" double precision NOT NULL DEFAULT '0',
                "failure_rate" double precision NOT NULL DEFAULT '0',
                "pass_rate" double precision NOT NULL DEFAULT '0',
                "total_learning_cycles" integer NOT NULL DEFAULT '0',
                "last_learning_cycle" TIMESTAMP WITH TIME ZONE,
                "last_success" TIMESTAMP WITH TIME ZONE,
                "last_failure" TIMESTAMP WITH TIME ZONE,
                "xp" integer NOT NULL DEFAULT '0',
                "level" integer NOT NULL DEFAULT '1',
                "prestige" integer NOT NULL DEFAULT '0',
                "current_difficulty" character varying(20) NOT NULL DEFAULT 'basic',
                "total_tests_given" integer NOT NULL DEFAULT '0',
                "total_tests_passed" integer NOT NULL DEFAULT '0',
                "total_tests_failed" integer NOT NULL DEFAULT '0',
                "consecutive_successes" integer NOT NULL DEFAULT '0',
                "consecutive_failures" integer NOT NULL DEFAULT '0',
                "last_test_date" TIMESTAMP WITH TIME ZONE,
                "test_history" jsonb NOT NULL DEFAULT '[]',
                "custody_level" integer NOT NULL DEFAULT '1',
                "custody_xp" integer NOT NULL DEFAULT '0',
                "adversarial_wins" integer NOT NULL DEFAULT '0',
                "learning_patterns" jsonb NOT NULL DEFAULT '[]',
                "improvement_suggestions" jsonb NOT NULL DEFAULT '[]',
                "status" character varying(20) NOT NULL DEFAULT 'idle',
                "is_active" boolean NOT NULL DEFAULT true,
                "priority" character varying(20) NOT NULL DEFAULT 'medium',
                "capabilities" jsonb,
                "config" jsonb,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "uq_agent_metrics_agent_type" UNIQUE ("agent_type"),
                CONSTRAINT "ck_agent_metrics_levels" CHECK (
                    level >= 1
                    AND custody_level >= 1
                ),
                CONSTRAINT "ck_agent_metrics_not_negative" CHECK (
                    learning_score >= 0
                    AND learning_score < 'infinity'
                    AND total_learning_cycles >= 0
                    AND xp >= 0
                    AND prestige >= 0
                    AND total_tests_passed >= 0
                    AND total_tests_failed >= 0
                    AND consecutive_successes >= 0
                    AND consecutive_failures >= 0
                    AND custody_xp >= 0
                    AND adversarial_wins >= 0
                ),
                CONSTRAINT "ck_agent_metrics_rates" CHECK (
                    success_rate BETWEEN 0 AND 1
                    AND failure_rate BETWEEN 0 AND 1
                    AND pass_rate BETWEEN 0 AND 1
                ),
                CONSTRAINT "ck_agent_metrics_tests_add_up" CHECK (
                    total_tests_given = total_tests_passed + total_tests_failed
                ),
                CONSTRAINT "pk_agent_metrics" PRIMARY KEY ("id")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "ix_agent_metrics_creation" ON "agent_metrics" ("created_at", "id")
        `);
    await queryRunner.query(`
            CREATE TABLE "agent_events" (
                "agent_type" character varying(50) NOT NULL,
                "version" integer NOT NULL,
                "id" BIGSERIAL NOT NULL,
                "transaction_id" bigint NOT NULL DEFAULT txid_current(),
                "type" character varying(20) NOT NULL,
                "payload" jsonb NOT NULL,
                "result" jsonb NOT NULL,
                "rules_version" smallint NOT NULL,
                "actor" character varying(100),
                "idempotency_key" character varying(255),
                "request_hash" bytea,
                "occurred_at" TIMESTAMP WITH TIME ZONE NOT NULL,
                "recorded_at" TIMESTAMP WITH TIME ZONE NOT NULL,
                "prev_hash" bytea NOT NULL,
                "hash" bytea NOT NULL,
                CONSTRAINT "pk_agent_events" PRIMARY KEY ("agent_type", "version")
            )
        `);
    await queryRunner.query(`
            CREATE UNIQUE INDEX "uq_agent_events_idempotency_key" ON "agent_events" ("agent_type", "idempotency_key")
            WHERE idempotency_key IS NOT NULL
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            DROP INDEX "uq_agent_events_idempotency_key"
        `);
    await queryRunner.query(`
            DROP TABLE "agent_events"
        `);
    await queryRunner.query(`
            DROP INDEX "ix_agent_metrics_creation"
        `);
    await queryRunner.query(`
            DROP TABLE "agent_metrics"
        `);
  }
}
