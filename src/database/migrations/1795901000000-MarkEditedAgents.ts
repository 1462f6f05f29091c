import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The columns that the ledger determines. Other columns, which a table of an old backend may have, are not compared. A
 * migration that adds a column replaces the trigger: `DROP_EDIT_TRIGGER`, then `createEditTrigger` with all columns.
 */
export const EDITED_COLUMNS = [
  'id',
  'agent_id',
  'agent_type',
  'version',
  'ledger_hash',
  'learning_score',
  'success_rate',
  'failure_rate',
  'pass_rate',
  'total_learning_cycles',
  'last_learning_cycle',
  'last_success',
  'last_failure',
  'xp',
  'level',
  'prestige',
  'current_difficulty',
  'total_tests_given',
  'total_tests_passed',
  'total_tests_failed',
  'consecutive_successes',
  'consecutive_failures',
  'last_test_date',
  'test_history',
  'custody_level',
  'custody_xp',
  'adversarial_wins',
  'learning_patterns',
  'improvement_suggestions',
  'status',
  'is_active',
  'priority',
  'capabilities',
  'config',
  'created_at',
  'updated_at',
];
/** Statement that creates the trigger for these columns. */
export function createEditTrigger(columns: readonly string[]): string {
  const list = (row: 'OLD' | 'NEW'): string => columns.map((column) => `${row}.${column}`).join(', ');
  return `
            CREATE TRIGGER "mark_edited_agent" BEFORE UPDATE ON "agent_metrics" FOR EACH ROW
            WHEN (
                OLD.ledger_hash IS NOT NULL
                AND (NEW.ledger_hash IS NOT DISTINCT FROM OLD.ledger_hash OR NEW.version = OLD.version)
                AND (${list('OLD')}) IS DISTINCT FROM (${list('NEW')})
            ) EXECUTE FUNCTION mark_edited_agent()
        `;
}

export const DROP_EDIT_TRIGGER = `
            DROP TRIGGER "mark_edited_agent" ON "agent_metrics"
        `;

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
    await queryRunner.query(createEditTrigger(EDITED_COLUMNS));
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DROP_EDIT_TRIGGER);
    await queryRunner.query(`
            DROP FUNCTION mark_edited_agent()
        `);
  }
}
