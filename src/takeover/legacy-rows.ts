import type { EntityManager } from 'typeorm';
import { AGENT_TYPE_MAX_LENGTH } from '../progression/agent-type.js';
import type { LegacyColumn } from './legacy-table.js';
import type { LegacyRow } from './rules/legacy-row.js';

/** Rows that are fetched at once: few at first, then as many as this many characters hold. */
const ROWS_AT_FIRST = 50;
const ROWS_AT_MOST = 1_000;
const CHARACTERS_AT_ONCE = 4_000_000;
/** Rows of one agent that are taken over together; those of an agent that has more follow. */
const ROWS_OF_AGENT = 100;

/** Rows of one agent, of which the last was updated last. */
export type RowsOfAgent = [LegacyRow, ...LegacyRow[]];

/**
 * Reads old rows through a cursor, rows of the same agent type together, some agents at a time. First come the agents
 * whose names can stay, so that those of the others can be chosen beside them. A row without agent type is an agent of its
 * own. An agent with very many rows comes in several parts, the one with its newest row last.
 *
 * @param from the table, and if need be which of its rows
 */
export async function* legacyAgents(
  manager: EntityManager,
  columns: readonly LegacyColumn[],
  from: string,
): AsyncGenerator<RowsOfAgent[]> {
  await manager.query(`DECLARE legacy_rows NO SCROLL CURSOR FOR ${select(columns, from)}`);
  let rowsAtOnce = ROWS_AT_FIRST;
  let open: RowsOfAgent | null = null;
  for (;;) {
    const fetched = await manager.query<Record<string, string | null>[]>(`FETCH ${rowsAtOnce} FROM legacy_rows`);
    if (fetched.length === 0) break;
    const complete: RowsOfAgent[] = [];
    for (const values of fetched) {
      const row = rowOf(columns, values);
      if (open && isSameAgent(open[0], row) && open.length < ROWS_OF_AGENT) {
        open.push(row);
      } else {
        if (open) complete.push(open);
        open = [row];
      }
    }
    rowsAtOnce = rowsFor(fetched);
    if (complete.length > 0) yield complete;
  }
  await manager.query('CLOSE legacy_rows');
  if (open) yield [open];
}

/** Columns by number: no name of theirs can mean anything to a program. */
function select(columns: readonly LegacyColumn[], from: string): string {
  const values = columns.map(({ quoted }, index) => `${quoted}::text AS c${index}`);
  return `
    SELECT ${values.join(', ')} FROM ${from}
     ORDER BY coalesce(agent_type::text NOT IN ('', '*') AND length(agent_type::text) <= ${AGENT_TYPE_MAX_LENGTH}, false) DESC,
              ${['agent_type::text COLLATE "C"', ...ageOf(columns), 'ctid'].join(', ')}`;
}

/** What tells the newest of several rows: its last update, or else its creation, or else its tests. */
function ageOf(columns: readonly LegacyColumn[]): string[] {
  return ['updated_at', 'created_at', 'total_tests_given']
    .flatMap((name) => columns.find((column) => column.name === name) ?? [])
    .map(({ quoted, category }) => {
      switch (category) {
        case 'time':
          return `CASE WHEN isfinite(${quoted}) THEN ${quoted} END NULLS FIRST`;
        case 'number':
          return `nullif(${quoted}::float8, 'NaN') NULLS FIRST`;
        case 'other':
          return `${quoted}::text COLLATE "C" NULLS FIRST`;
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

function rowsFor(fetched: readonly Record<string, string | null>[]): number {
  let characters = 0;
  for (const row of fetched) for (const text of Object.values(row)) characters += text?.length ?? 0;
  const rows = Math.floor((CHARACTERS_AT_ONCE * fetched.length) / Math.max(1, characters));
  return Math.min(ROWS_AT_MOST, Math.max(1, rows));
}
