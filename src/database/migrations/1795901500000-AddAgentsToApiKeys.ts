import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddAgentsToApiKeys1795901500000 implements MigrationInterface {
  readonly name = 'AddAgentsToApiKeys1795901500000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            ALTER TABLE "api_keys"
            ADD "agents" text array
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            ALTER TABLE "api_keys" DROP COLUMN "agents"
        `);
  }
}
