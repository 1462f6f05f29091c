import { MARK_TRANSACTION } from '../client/index.js';
import { buildRequestLookup } from './find-requests.js';
import { buildJsonInsert } from './insertion.js';
import { updateKey } from './rekey-agent.js';
import { moveTestRollups } from './move-tests.js';
import { removeTests } from './remove-tests.js';
import type { DocumentColumn, StorageForm } from './storage-form.js';

/** Generic plans are prepared once, for lists of any length; the index on agent_type is used for any number of agents. */
const PLANNING = `SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off; ${MARK_TRANSACTION}`;

/**
 * The subquery hides the number of agents from the planner. Otherwise, the generic plan is estimated to cost more than plans of
 * a few agents, and PostgreSQL plans each read again, which takes three times as long as reading an agent.
 */
const IS_AMONG_AGENTS = 'agent_type = ANY((SELECT $1::text[])::text[])';

/** The version of a row in the table, with the hash that the ledger gives it. Null: modified outside the service. */
const ROW_VERSION = `xmin::text || ctid::text || encode(ledger_hash, 'hex')`;

/** Rows on a single server. Triggers maintain the rollups. */
export const SINGLE_SERVER: StorageForm = {
  note: '',
  lockStatement: null,
  lockingClause: ' ORDER BY agent_type FOR UPDATE',
  isAmongAgents: IS_AMONG_AGENTS,
  writesAtOnce: true,
  planningStatement: PLANNING,
  isPartialFailure: () => false,
  amongAgents: () => '',
  buildInsert: buildJsonInsert,
  buildRequestLookup,
  selectDocuments: (columns) => `
        SELECT agent_type, version, ${ROW_VERSION} AS row_version,
               CASE WHEN ${ROW_VERSION} = ANY($3::text[]) THEN NULL ELSE ${rowAsJson(columns)}::text END AS json
          FROM agent_metrics WHERE ${IS_AMONG_AGENTS} OFFSET 0`,
  replaceInRollups: () => Promise.resolve(),
  addToRollups: () => Promise.resolve(),
  addStagedToRollups: () => Promise.resolve(),
  rekeyAgent: updateKey,
  removeTestRollups: removeTests,
  moveTestRollups,
};

function rowAsJson(columns: readonly DocumentColumn[]): string {
  const selected = columns.map(([name, expression]) => `${expression} AS ${name}`);
  // The star: a table that was migrated from the old backend may have a column "document", which would be used instead.
  return `(SELECT row_to_json(document.*) FROM (SELECT ${selected.join(', ')}) document)`;
}
