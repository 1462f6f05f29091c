/**
 * SQL of the contributions of events to the rollups of tests: the amounts that an event adds to each sum. A voided event
 * contributes its amounts with the opposite sign. The triggers of AddEvidence and the statements for Citus
 * (`storage/citus-rollups.ts`) share it. It must not change, because it is part of a schema migration.
 */

/** Sums of the rollups of tests. Judged tests are passed or failed; errored tests are counted apart. */
export const SUMS = ['tests', 'passed', 'errored', 'score', 'timed', 'duration', 'xp', 'custody_xp'] as const;
/** Select list that adds up contributions, or rows of a rollup. */
export const ADDED_SUMS = SUMS.map((sum) => `sum(${sum})`).join(', ');

/** A rollup of tests: its table, its key columns besides the agent, and the contributions that it contains. */
export interface TestRollupTable {
  table: string;
  key: string;
  condition: string;
}
export const BY_HOUR: TestRollupTable = { table: 'test_rollups_by_hour', key: 'hour', condition: 'true' };
export const BY_KIND: TestRollupTable = {
  table: 'test_rollups_by_kind',
  key: 'category, difficulty',
  condition: 'is_test',
};

/** Types of events that contribute. */
const CONTRIBUTING = "('custody_test', 'adversarial_test', 'learning', 'custody_xp')";

/** Condition: whether an event contributes. */
export function contributes(event: string): string {
  return `${event}.type IN ${CONTRIBUTING}`;
}

/**
 * FROM item of the events that were voided by these events, with their values in the ledger.
 *
 * @param schema prefix of the names of tables
 */
export function voidedBy(schema: string, events: string): string {
  return `${events} voiding JOIN ${schema}agent_events event ON voiding.type = 'voided'
                            AND event.agent_type = voiding.agent_type
                            AND event.version = CASE jsonb_typeof(voiding.payload -> 'version') WHEN 'number' THEN (voiding.payload -> 'version')::numeric END`;
}

/** Like `voidedBy`, with a comparison that uses the primary key: AddMerging replaces the trigger with it. */
export function voidedByKey(schema: string, events: string): string {
  const version = "(voiding.payload -> 'version')";
  return `${events} voiding JOIN ${schema}agent_events event ON voiding.type = 'voided'
                            AND event.agent_type = voiding.agent_type
                            AND event.version = CASE jsonb_typeof${version} WHEN 'number' THEN
                                CASE WHEN ${version}::numeric BETWEEN 1 AND 2147483647 AND ${version}::numeric % 1 = 0 THEN ${version}::integer END END`;
}

/** Begins a CASE expression that compares a value with constants. */
type Choose = (value: string, ...branches: [constant: string, result: string][]) => string;
const SIMPLE_CASE: Choose = (value, ...branches) =>
  `CASE ${value} ${branches.map(([constant, result]) => `WHEN '${constant}' THEN ${result}`).join(' ')}`;
const SEARCHED_CASE: Choose = (value, ...branches) =>
  `CASE ${branches.map(([constant, result]) => `WHEN ${value} = '${constant}' THEN ${result}`).join(' ')}`;

/** Like `voidedByKey`, for Citus as well: see `selectDistributedContributions`. */
export function voidedByDistributed(schema: string, events: string): string {
  const version = "(voiding.payload -> 'version')";
  return `${events} voiding JOIN ${schema}agent_events event ON voiding.type = 'voided'
                            AND event.agent_type = voiding.agent_type
                            AND event.version = CASE WHEN jsonb_typeof${version} = 'number' THEN
                                CASE WHEN ${version}::numeric BETWEEN 1 AND 2147483647 AND ${version}::numeric % 1 = 0 THEN ${version}::integer END END`;
}

/**
 * Contributions of events. Values of a tampered event that are not numbers contribute nothing.
 *
 * @param from FROM item with the events as `event`
 * @param sign of the contributions: 1, or -1 for voided events
 */
export function selectContributions(from: string, sign: 1 | -1): string {
  return buildContributions(from, sign, SIMPLE_CASE);
}

/**
 * Like `selectContributions`, for Citus as well. In an INSERT … SELECT that the workers execute, Citus 13.2 replaces the
 * comparisons of `CASE value WHEN constant` by NULL, which fails: "operator does not exist: text = boolean".
 */
export function selectDistributedContributions(from: string, sign: 1 | -1): string {
  return buildContributions(from, sign, SEARCHED_CASE);
}

function buildContributions(from: string, sign: 1 | -1, choose: Choose): string {
  const number = (field: string): string => {
    const value = `event.payload -> '${field}'`;
    return `${choose(`jsonb_typeof(${value})`, ['number', `(${value})::numeric`])} ELSE 0 END`;
  };
  const signed = (amount: string): string => (sign === 1 ? amount : `-${amount}`);
  const count = (condition: string): string => signed(`coalesce((${condition})::integer, 0)`);
  const isTest = "event.type IN ('custody_test', 'adversarial_test')";
  const isErrored = `event.payload -> 'passed' = 'null'`;
  const isJudged = `${isTest} AND event.payload -> 'passed' IS DISTINCT FROM 'null'`;
  return `
                        SELECT event.agent_type,
                            date_trunc('hour', event.occurred_at, 'UTC') AS hour,
                            coalesce(event.payload ->> 'category', 'uncategorized') AS category,
                            event.payload ->> 'difficulty' AS difficulty,
                            ${isTest} AS is_test,
                            ${count(isJudged)} AS tests,
                            ${count(`${isTest} AND event.payload -> 'passed' = 'true'`)} AS passed,
                            ${count(`${isTest} AND ${isErrored}`)} AS errored,
                            CASE WHEN ${isJudged} THEN ${signed(`(${number('score')})`)} ELSE 0 END AS score,
                            ${count(`${isJudged} AND jsonb_typeof(event.payload -> 'duration') = 'number'`)} AS timed,
                            CASE WHEN ${isJudged} THEN ${signed(`(${number('duration')})`)} ELSE 0 END AS duration,
                            CASE WHEN event.type IN ('adversarial_test', 'learning') THEN ${signed(`(${number('xp_awarded')})`)} ELSE 0 END AS xp,
                            ${choose('event.type', ['custody_test', signed(`(${number('xp_awarded')})`)], ['custody_xp', signed(`(${number('amount')})`)])} ELSE 0 END AS custody_xp
                        FROM ${from} WHERE ${contributes('event')}`;
}

/** Columns of a rollup of tests. */
export function listColumns({ key }: TestRollupTable): string {
  return `"agent_type", ${key}, "slot", ${SUMS.join(', ')}`;
}

/**
 * Adds contributions for each of their agents and ("*") for all. The sums are numeric, hence exact and independent of the
 * order of additions.
 *
 * @param schema prefix of the names of tables
 * @param contributions FROM item, see `selectContributions`
 * @param slot expression
 */
export function addContributions(schema: string, rollup: TestRollupTable, contributions: string, slot: string): string {
  return `
                    INSERT INTO ${schema}${rollup.table} AS kept (${listColumns(rollup)})${sumContributions(rollup, contributions, slot)}${addToKept(rollup)}`;
}

/** SELECT of the rows that `addContributions` adds. */
export function sumContributions({ key, condition }: TestRollupTable, contributions: string, slot: string): string {
  return `
                    SELECT coalesce(agent_type, '*'), ${key}, CASE WHEN agent_type IS NULL THEN ${slot} ELSE 0 END, ${ADDED_SUMS}
                    FROM ${contributions} WHERE ${condition} GROUP BY GROUPING SETS ((${key}, agent_type), (${key}))
                    ORDER BY ${['1', '2', '3'].slice(0, key.split(', ').length + 1).join(', ')}`;
}

/** ON CONFLICT clause of an INSERT INTO a rollup AS kept: adds the sums to those of the row with the same key. */
export function addToKept({ key }: TestRollupTable): string {
  return `
                    ON CONFLICT ("agent_type", ${key}, "slot") DO UPDATE SET ${SUMS.map((sum) => `${sum} = kept.${sum} + excluded.${sum}`).join(', ')}`;
}
