import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Positions of all events in one order: see docs/adr/0038-committed-events-are-numbered-in-segments.md. */
export class AddFeed1795904000000 implements MigrationInterface {
  readonly name = 'AddFeed1795904000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    // Not unique: rows that were inserted manually may repeat an id, and Citus requires the agent type in unique indexes.
    await queryRunner.query(`
            CREATE INDEX "ix_agent_events_id" ON "agent_events" ("id")
        `);
    await queryRunner.query(`
            CREATE TABLE "feed_state" (
                "id" smallint NOT NULL,
                "last_id" bigint NOT NULL,
                "last_position" bigint NOT NULL,
                CONSTRAINT "ck_feed_state_one_row" CHECK (id = 1),
                CONSTRAINT "pk_feed_state" PRIMARY KEY ("id")
            )
        `);
    await queryRunner.query(`
            INSERT INTO "feed_state" VALUES (1, 0, 0)
        `);
    await queryRunner.query(`
            CREATE TABLE "feed_segments" (
                "first_position" bigint NOT NULL,
                "first_id" bigint NOT NULL,
                CONSTRAINT "pk_feed_segments" PRIMARY KEY ("first_position")
            )
        `);
    await queryRunner.query(`
            CREATE TABLE "feed_gaps" (
                "first_id" bigint NOT NULL,
                "last_id" bigint NOT NULL,
                CONSTRAINT "pk_feed_gaps" PRIMARY KEY ("first_id")
            )
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            DROP TABLE "feed_gaps"
        `);
    await queryRunner.query(`
            DROP TABLE "feed_segments"
        `);
    await queryRunner.query(`
            DROP TABLE "feed_state"
        `);
    await queryRunner.query(`
            DROP INDEX "ix_agent_events_id"
        `);
  }
}
