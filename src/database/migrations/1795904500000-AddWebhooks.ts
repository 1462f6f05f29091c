import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Receivers of webhooks: see docs/adr/0040-webhooks-follow-the-feed.md. */
export class AddWebhooks1795904500000 implements MigrationInterface {
  readonly name = 'AddWebhooks1795904500000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            CREATE TABLE "webhook_endpoints" (
                "id" uuid NOT NULL,
                "url" text NOT NULL,
                "description" text,
                "types" text array NOT NULL,
                "agents" text array,
                "score_tests" integer NOT NULL,
                "score_drop" double precision NOT NULL,
                "secrets" jsonb NOT NULL,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL,
                "created_by" text,
                "disabled_reason" character varying(10),
                "disabled_at" TIMESTAMP WITH TIME ZONE,
                "position" bigint NOT NULL,
                "delivered_ahead" text array NOT NULL,
                "since" TIMESTAMP WITH TIME ZONE NOT NULL,
                "limits_checked_until" TIMESTAMP WITH TIME ZONE NOT NULL,
                "failures" integer NOT NULL,
                "failing_message" text,
                "retry_at" TIMESTAMP WITH TIME ZONE,
                "last_error" text,
                "last_delivered_at" TIMESTAMP WITH TIME ZONE,
                "revision" integer NOT NULL,
                "leased_by" uuid,
                "leased_until" TIMESTAMP WITH TIME ZONE,
                CONSTRAINT "ck_webhook_endpoints_disabled_reason" CHECK (disabled_reason IN ('manual', 'gone', 'failing')),
                CONSTRAINT "pk_webhook_endpoints" PRIMARY KEY ("id")
            )
        `);
    await queryRunner.query(`
            CREATE TABLE "webhook_deliveries" (
                "endpoint_id" uuid NOT NULL,
                "message_id" text NOT NULL,
                "type" text NOT NULL,
                "agent_type" text COLLATE "C" NOT NULL,
                "version" integer NOT NULL,
                "position" bigint,
                "occurred_at" TIMESTAMP WITH TIME ZONE NOT NULL,
                "state" character varying(10) NOT NULL,
                "attempts" integer NOT NULL,
                "first_attempt_at" TIMESTAMP WITH TIME ZONE NOT NULL,
                "last_attempt_at" TIMESTAMP WITH TIME ZONE NOT NULL,
                "duration_ms" integer NOT NULL,
                "status_code" integer,
                "error" text,
                CONSTRAINT "pk_webhook_deliveries" PRIMARY KEY ("endpoint_id", "message_id")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "ix_webhook_deliveries_time" ON "webhook_deliveries" ("endpoint_id", "last_attempt_at", "message_id")
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            DROP TABLE "webhook_deliveries"
        `);
    await queryRunner.query(`
            DROP TABLE "webhook_endpoints"
        `);
  }
}
