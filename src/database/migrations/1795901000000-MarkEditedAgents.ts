import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MarkEditedAgents1795901000000 implements MigrationInterface {
  readonly name = 'MarkEditedAgents1795901000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    // The service changes version and hash together. Whatever leaves one of them as it was is an edit by hand: the row then
    // stands for no event, so that the next write, verify and rebuild know.
    await queryRunner.query(`
            CREATE FUNCTION mark_edited_agent() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                NEW.ledger_hash := NULL;
                RETURN NEW;
            END $$
        `);
    await queryRunner.query(`
            CREATE TRIGGER "mark_edited_agent" BEFORE UPDATE ON "agent_metrics" FOR EACH ROW
            WHEN (
                OLD.ledger_hash IS NOT NULL
                AND (NEW.ledger_hash IS NOT DISTINCT FROM OLD.ledger_hash OR NEW.version = OLD.version)
                AND OLD.* IS DISTINCT FROM NEW.*
            ) EXECUTE FUNCTION mark_edited_agent()
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            DROP TRIGGER "mark_edited_agent" ON "agent_metrics"
        `);
    await queryRunner.query(`
            DROP FUNCTION mark_edited_agent()
        `);
  }
}
