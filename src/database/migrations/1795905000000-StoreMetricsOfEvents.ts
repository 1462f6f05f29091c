import type { MigrationInterface, QueryRunner } from 'typeorm';

const RATES = ['learning_score', 'success_rate', 'failure_rate', 'pass_rate'];
const COUNTERS = [
  'total_learning_cycles',
  'xp',
  'level',
  'prestige',
  'total_tests_given',
  'total_tests_passed',
  'total_tests_failed',
  'consecutive_successes',
  'consecutive_failures',
  'custody_level',
  'custody_xp',
  'adversarial_wins',
];
const WORDS = ['current_difficulty', 'status', 'priority'];
const METRICS = [...RATES, ...COUNTERS, ...WORDS, 'is_active'];

/**
 * The snapshot of an event in columns instead of JSON, which halves the size of an event. Recorded events are not rewritten:
 * the view has the whole result of both. An event with both forms was tampered with: it gets a key that its hash does not cover.
 */
export class StoreMetricsOfEvents1795905000000 implements MigrationInterface {
  readonly name = 'StoreMetricsOfEvents1795905000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    const columns = [
      ...RATES.map((name) => `"${name}" double precision`),
      ...COUNTERS.map((name) => `"${name}" integer`),
      ...WORDS.map((name) => `"${name}" character varying(20)`),
      '"is_active" boolean',
    ];
    await queryRunner.query(`
            ALTER TABLE "agent_events"
                ${columns.map((column) => `ADD COLUMN ${column}`).join(',\n                ')}
        `);
    await queryRunner.query(`
            CREATE VIEW "ledger_events" AS
            SELECT agent_type, version, recorded_as, id, transaction_id, type, payload,
                   CASE WHEN num_nonnulls(${METRICS.join(', ')}) = 0 THEN result
                        ELSE result || jsonb_build_object(
                          CASE WHEN result ? 'metrics' THEN 'metrics_in_columns' ELSE 'metrics' END,
                          jsonb_build_object(${METRICS.map((name) => `'${name}', ${name}`).join(', ')})) END AS result,
                   rules_version, actor, idempotency_key, request_hash, occurred_at, recorded_at, prev_hash, hash
              FROM "agent_events"
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            UPDATE "agent_events" event SET result = whole.result FROM "ledger_events" whole
             WHERE num_nonnulls(${METRICS.map((name) => `event.${name}`).join(', ')}) > 0
               AND whole.agent_type = event.agent_type AND whole.version = event.version
        `);
    await queryRunner.query(`
            DROP VIEW "ledger_events"
        `);
    await queryRunner.query(`
            ALTER TABLE "agent_events" ${METRICS.map((name) => `DROP COLUMN "${name}"`).join(', ')}
        `);
  }
}
