import { isWorkerFailure } from '../errors/index.js';
import { addAgents, addStagedTests, addTests } from './citus-rollups.js';
import { buildDistributedRequestLookup } from './find-requests.js';
import { copyToKey } from './rekey-agent.js';
import { moveTestRollups } from './move-tests.js';
import { removeDistributedTests } from './remove-tests.js';
import type { DocumentColumn, StorageForm } from './storage-form.js';
import { buildValuesInsert } from './values-insert.js';

/**
 * Locks agents by advisory locks until the transaction ends, on the server that all statements are sent to: Citus cannot
 * lock rows of several agents. The order is the same in all transactions, which prevents deadlocks; agent types with the
 * same hash share a lock.
 */
const LOCK_AGENTS = `
      SELECT pg_advisory_xact_lock('agent_metrics'::regclass::oid::integer, key)
        FROM (SELECT DISTINCT hashtext(agent_type) AS key FROM unnest($1::text[]) agent_type ORDER BY key) agent`;

/** Rows distributed by agent type over several servers. Citus has no such triggers, so the service maintains the rollups. */
export const CITUS: StorageForm = {
  note: ', distributed by Citus',
  lockStatement: LOCK_AGENTS,
  lockingClause: '',
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
          FROM agent_metrics WHERE agent_type = ANY($1) AND $3::text[] IS NOT NULL`,
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
