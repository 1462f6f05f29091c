import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Names that agents had before, names that events were recorded under, and tombstones of erased agents. */
export class AddAgentLife1795903000000 implements MigrationInterface {
  readonly name = 'AddAgentLife1795903000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            ALTER TABLE "agent_events"
            ADD "recorded_as" character varying(50) COLLATE "C"
        `);
    await queryRunner.query(`
            CREATE TABLE "agent_aliases" (
                "name" character varying(50) COLLATE "C" NOT NULL,
                "agent_type" character varying(50) COLLATE "C" NOT NULL,
                "kind" character varying(10) NOT NULL,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "pk_agent_aliases" PRIMARY KEY ("name")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "ix_agent_aliases_agent_type" ON "agent_aliases" ("agent_type")
        `);
    await queryRunner.query(`
            CREATE TABLE "agent_tombstones" (
                "id" integer NOT NULL,
                "head" bytea NOT NULL,
                "events" integer NOT NULL,
                "merged_chains" integer NOT NULL,
                "erased_at" TIMESTAMP WITH TIME ZONE NOT NULL,
                "actor" character varying(100),
                "reason" character varying(500) NOT NULL,
                "prev_hash" bytea NOT NULL,
                "hash" bytea NOT NULL,
                CONSTRAINT "pk_agent_tombstones" PRIMARY KEY ("id")
            )
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            DROP TABLE "agent_tombstones"
        `);
    await queryRunner.query(`
            DROP INDEX "ix_agent_aliases_agent_type"
        `);
    await queryRunner.query(`
            DROP TABLE "agent_aliases"
        `);
    await queryRunner.query(`
            ALTER TABLE "agent_events" DROP COLUMN "recorded_as"
        `);
  }
}
