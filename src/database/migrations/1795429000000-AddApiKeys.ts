import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddApiKeys1795429000000 implements MigrationInterface {
  readonly name = 'AddApiKeys1795429000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            CREATE TABLE "api_keys" (
                "id" character varying(16) NOT NULL,
                "name" character varying(64) NOT NULL,
                "scope" character varying(10) NOT NULL,
                "key_hash" bytea NOT NULL,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                "expires_at" TIMESTAMP WITH TIME ZONE,
                "rotated_at" TIMESTAMP WITH TIME ZONE,
                "revoked_at" TIMESTAMP WITH TIME ZONE,
                "last_used_at" TIMESTAMP WITH TIME ZONE,
                CONSTRAINT "pk_api_keys" PRIMARY KEY ("id")
            )
        `);
    await queryRunner.query(`
            CREATE UNIQUE INDEX "uq_api_keys_name" ON "api_keys" ("name")
            WHERE revoked_at IS NULL
                AND rotated_at IS NULL
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            DROP TABLE "api_keys"
        `);
  }
}
