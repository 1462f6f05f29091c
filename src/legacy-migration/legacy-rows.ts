import type { EntityManager } from 'typeorm';
import { FetchSize } from '../database/values/index.js';
import { AGENT_TYPE_MAX_LENGTH } from '../progression/index.js';
import type { LegacyColumn } from './legacy-table.js';
import type { LegacyRow } from './rules/legacy-row.js';

/** How much is read, and taken over, at once. */
const CHARACTERS_AT_ONCE = 4_000_000;
/** Rows of one agent that are taken over together, unless they have more characters than that; the others follow. */
const ROWS_OF_AGENT = 100;

/** Rows of one agent that belong together. */
export interface RowsOfAgent {
  /** The one of all its rows that was updated last. */
  newest: LegacyRow;
  /** Oldest first. */
  rows: LegacyRow[];
  /** Whether newer rows of the agent came before. */
  continues: boolean;
}

interface Reading extends RowsOfAgent {
  characters: number;
}

/**
 * Reads old rows through a cursor, rows of the same agent type together, some agents at a time. First come the agents
 * whose names can stay, so that those of the others can be chosen beside them. A row without agent type is an agent of its
 * own. An agent with very many rows, or very long ones, comes in several parts, of which the first has its newest rows.
 *
 * @param from the table, and if need be which of its rows
 */
export async function* legacyAgents(
  manager: EntityManager,
  columns: readonly LegacyColumn[],
  from: string,
): AsyncGenerator<RowsOfAgent[]> {
  await manager.query(`DECLARE legacy_rows NO SCROLL CURSOR FOR ${select(columns, from)}`);
  const atOnce = new FetchSize(CHARACTERS_AT_ONCE);
  let reading: Reading | null = null;
  let complete: RowsOfAgent[] = [];
  let characters = 0;
  for (;;) {
    const fetched = await manager.query<Record<string, string | null>[]>(`FETCH ${atOnce.count} FROM legacy_rows`);
    if (fetched.length === 0) break;
    let length = 0;
    for (const values of fetched) {
      const row = rowOf(columns, values);
      const its = charactersOf(row);
      length += its;
      const same: boolean = reading !== null && isSameAgent(reading.newest, row);
      if (reading && same && fits(reading, its)) {
        reading.rows.unshift(row);
        reading.characters += its;
        continue;
      }
      if (reading) {
        complete.push(reading);
        characters += reading.characters;
      }
      if (characters > CHARACTERS_AT_ONCE) {
        yield complete;
        [complete, characters] = [[], 0];
      }
      reading = { newest: same && reading ? reading.newest : row, rows: [row], continues: same, characters: its };
    }
    if (complete.length > 0) yield complete;
    [complete, characters] = [[], 0];
    atOnce.record(fetched.length, length);
  }
  await manager.query('CLOSE legacy_rows');
  if (reading) yield [reading];
}

/** Columns by number: no name of theirs can mean anything to a program. */
function select(columns: readonly LegacyColumn[], from: string): string {
  const values = columns.map(({ asText }, index) => `${asText} AS c${index}`);
  return `
    SELECT ${values.join(', ')} FROM ${from}
     ORDER BY coalesce(agent_type::text NOT IN ('', '*') AND length(agent_type::text) <= ${AGENT_TYPE_MAX_LENGTH}, false) DESC,
              ${['agent_type::text COLLATE "C"', ...ageOf(columns), 'ctid DESC'].join(', ')}`;
}

/** What puts the newest of several rows first: its last update, or else its creation, or else its tests. */
function ageOf(columns: readonly LegacyColumn[]): string[] {
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

function rowOf(columns: readonly LegacyColumn[], values: Record<string, string | null>): LegacyRow {
  return Object.fromEntries(columns.map(({ name }, index) => [name, values[`c${index}`] ?? null]));
}

function isSameAgent(one: LegacyRow, other: LegacyRow): boolean {
  const agentType = one['agent_type'] ?? '';
  return agentType !== '' && agentType === other['agent_type'];
}

function fits({ rows, characters }: Reading, more: number): boolean {
  return rows.length < ROWS_OF_AGENT && characters + more <= CHARACTERS_AT_ONCE;
}

function charactersOf(row: LegacyRow): number {
  return Object.values(row).reduce((sum, text) => sum + (text?.length ?? 0), 0);
}
