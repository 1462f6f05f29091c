import type { EntityManager } from 'typeorm';
import { FetchSize } from '../database/values/index.js';
import { AGENT_TYPE_MAX_LENGTH } from '../progression/index.js';
import type { LegacyColumn } from './legacy-table.js';
import type { LegacyRow } from './rules/legacy-row.js';

/** Target size of a batch, in characters. */
const BATCH_CHARACTERS = 4_000_000;
/** Maximum number of rows of one agent in a part. */
const MAX_ROWS = 100;

/** Rows of one agent, or a part of them. */
export interface AgentRows {
  /** The newest of all rows of the agent. */
  newest: LegacyRow;
  /** Oldest first. */
  rows: LegacyRow[];
  /** Whether this part continues the previous one with older rows. */
  continues: boolean;
}

interface Reading extends AgentRows {
  characters: number;
}

/**
 * Reads legacy rows through a cursor, grouped by agent type, in batches of agents. Agents that keep their names come first,
 * so that the names of the others can avoid them. A row without agent type is an agent of its own. An agent with many or
 * long rows is returned in several parts, newest rows first.
 *
 * @param from table, optionally with a WHERE clause
 */
export async function* readLegacyAgents(
  manager: EntityManager,
  columns: readonly LegacyColumn[],
  from: string,
): AsyncGenerator<AgentRows[]> {
  await manager.query(`DECLARE legacy_rows NO SCROLL CURSOR FOR ${buildSelect(columns, from)}`);
  const batchSize = new FetchSize(BATCH_CHARACTERS);
  let reading: Reading | null = null;
  let complete: AgentRows[] = [];
  let characters = 0;
  for (;;) {
    const fetched = await manager.query<Record<string, string | null>[]>(`FETCH ${batchSize.count} FROM legacy_rows`);
    if (fetched.length === 0) break;
    let length = 0;
    for (const values of fetched) {
      const row = toRow(columns, values);
      const rowCharacters = countCharacters(row);
      length += rowCharacters;
      const same: boolean = reading !== null && isSameAgent(reading.newest, row);
      if (reading && same && fits(reading, rowCharacters)) {
        reading.rows.unshift(row);
        reading.characters += rowCharacters;
        continue;
      }
      if (reading) {
        complete.push(reading);
        characters += reading.characters;
      }
      if (characters > BATCH_CHARACTERS) {
        yield complete;
        [complete, characters] = [[], 0];
      }
      reading = {
        newest: same && reading ? reading.newest : row,
        rows: [row],
        continues: same,
        characters: rowCharacters,
      };
    }
    if (complete.length > 0) yield complete;
    [complete, characters] = [[], 0];
    batchSize.record(fetched.length, length);
  }
  await manager.query('CLOSE legacy_rows');
  if (reading) yield [reading];
}

/** Columns are named by number, so that their names cannot interfere. */
function buildSelect(columns: readonly LegacyColumn[], from: string): string {
  const values = columns.map(({ asText }, index) => `${asText} AS c${index}`);
  return `
    SELECT ${values.join(', ')} FROM ${from}
     ORDER BY coalesce(agent_type::text NOT IN ('', '*') AND length(agent_type::text) <= ${AGENT_TYPE_MAX_LENGTH}, false) DESC,
              ${['agent_type::text COLLATE "C"', ...buildAgeOrder(columns), 'ctid DESC'].join(', ')}`;
}

/** ORDER BY expressions that sort newest rows first: by last update, creation, number of tests. */
function buildAgeOrder(columns: readonly LegacyColumn[]): string[] {
  return ['updated_at', 'created_at', 'total_tests_given']
    .flatMap((name) => columns.find((column) => column.name === name) ?? [])
    .map(({ quoted, category }) => {
      switch (category) {
        case 'time':
          return `CASE WHEN isfinite(${quoted}) THEN ${quoted} END DESC NULLS LAST`;
        case 'number':
          return `nullif(${quoted}::float8, 'NaN') DESC NULLS LAST`;
        case 'other':
          return `${quoted}::text COLLATE "C" DESC NULLS LAST`;
      }
    });
}

function toRow(columns: readonly LegacyColumn[], values: Record<string, string | null>): LegacyRow {
  return Object.fromEntries(columns.map(({ name }, index) => [name, values[`c${index}`] ?? null]));
}

function isSameAgent(one: LegacyRow, other: LegacyRow): boolean {
  const agentType = one['agent_type'] ?? '';
  return agentType !== '' && agentType === other['agent_type'];
}

function fits({ rows, characters }: Reading, more: number): boolean {
  return rows.length < MAX_ROWS && characters + more <= BATCH_CHARACTERS;
}

function countCharacters(row: LegacyRow): number {
  return Object.values(row).reduce((sum, text) => sum + (text?.length ?? 0), 0);
}
