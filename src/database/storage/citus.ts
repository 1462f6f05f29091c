import { isWorkerFailure } from '../errors/index.js';
import { addAgents, addStagedTests, addTests } from './citus-rollups.js';
import { buildDistributedRequestLookup } from './find-requests.js';
import { LOCK_AGENTS } from './lock-agents.js';
import { moveTestRollups } from './move-tests.js';
import { copyToKey } from './rekey-agent.js';
import { removeDistributedTests } from './remove-tests.js';
import type { DocumentColumn, StorageForm } from './storage-form.js';
import { buildValuesInsert } from './values-insert.js';

/** Without a subquery: Citus needs the agents to find their shards. */
const IS_AMONG_AGENTS = 'agent_type = ANY($1)';

/** Rows distributed by agent type over several servers. Citus has no such triggers, so the service maintains the rollups. */
export const CITUS: StorageForm = {
  note: ', distributed by Citus',
  // Citus cannot lock rows of several agents.
  lockStatement: LOCK_AGENTS,
  lockingClause: '',
  isAmongAgents: IS_AMONG_AGENTS,
  // Triggers maintain no rollups here.
  writesAtOnce: false,
  // Citus needs the values of the agents to plan where a statement is sent.
  planningStatement: null,
  isPartialFailure: isWorkerFailure,
  // Citus finds the shards by constants, not by a join: otherwise a statement is sent to all shards, and locks them.
  amongAgents: (column, parameter) => ` AND ${column} = ANY(${parameter}::text[])`,
  buildInsert: buildValuesInsert,
  buildRequestLookup: buildDistributedRequestLookup,
  // The position of a row is that in its shard. $3 must occur.
  selectDocuments: (columns) => `
        SELECT agent_type, version, NULL AS row_version, ${objectAsJson(columns)}::text AS json
          FROM agent_metrics WHERE ${IS_AMONG_AGENTS} AND $3::text[] IS NOT NULL`,
  replaceInRollups: addAgents,
  addToRollups: addTests,
  addStagedToRollups: addStagedTests,
  rekeyAgent: copyToKey,
  removeTestRollups: removeDistributedTests,
  moveTestRollups,
};

/** Citus accepts no subquery here. */
function objectAsJson(columns: readonly DocumentColumn[]): string {
  return `json_build_object(${columns.map(([name, expression]) => `'${name}', ${expression}`).join(', ')})`;
}
