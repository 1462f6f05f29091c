import type { DataSource, EntityManager } from 'typeorm';
import { verifyTombstones } from '../ledger/index.js';
import { readAgentTypes, countAgents } from './agent-types.js';
import type { Difference } from './difference.js';
import { findAgentRollupDifferences, findSumDifferences, findTestRollupDifferences } from './rollup-differences.js';
import { findAliasFaults, toDifference } from './verify-aliases.js';
import { verifyAgents } from './verify-agents.js';

/** Maximum number of differences in the result. All are counted and passed to the callback. */
const MAX_NAMED = 1_000;

/** Called with the intermediate result. */
export type OnProgress = (result: VerificationResult) => void;

export interface VerificationResult {
  /** Number of agents. */
  totalAgents: number;
  /** Number of agents verified so far. */
  agents: number;
  events: number;
  /** Number of tombstones of erased agents. */
  tombstones: number;
  differences: number;
  /** The first 1,000 differences. */
  named: Difference[];
}

/** Runs `verifyIn` on one snapshot of the database. Services can write meanwhile. */
export async function verify(
  dataSource: DataSource,
  onProgress?: OnProgress,
  onDifference?: (difference: Difference) => void,
): Promise<VerificationResult> {
  return dataSource.transaction('REPEATABLE READ', async (manager) => {
    await manager.query('SET TRANSACTION READ ONLY');
    return verifyIn(manager, onProgress, onDifference);
  });
}

/**
 * Folds the events of every agent and compares the result with its row, its earlier names and the rollups. Checks that versions have no
 * gaps and that each event matches its hash. Memory use is bounded. Changes nothing.
 *
 * @param manager in a transaction
 * @param onProgress called after each batch of events and of agents
 * @param onDifference called with each difference when it is found
 */
export async function verifyIn(
  manager: EntityManager,
  onProgress: OnProgress = () => undefined,
  onDifference: (difference: Difference) => void = () => undefined,
): Promise<VerificationResult> {
  const found: VerificationResult = {
    totalAgents: await countAgents(manager),
    agents: 0,
    events: 0,
    tombstones: 0,
    differences: 0,
    named: [],
  };
  const note = (differences: readonly Difference[]): void => {
    found.differences += differences.length;
    differences.forEach(onDifference);
    found.named.push(...differences.slice(0, MAX_NAMED - found.named.length));
  };
  for await (const agentTypes of readAgentTypes(manager)) {
    const verifiers = await verifyAgents(manager, agentTypes, (events) => {
      found.events += events;
      onProgress(found);
    });
    for (const { differences } of verifiers) note(differences);
    note((await findAliasFaults(manager, verifiers)).map(toDifference));
    note(await findTestRollupDifferences(manager, agentTypes));
    found.agents += agentTypes.length;
    onProgress(found);
  }
  note(await findSumDifferences(manager));
  note(await findAgentRollupDifferences(manager));
  const { count, invalid } = await verifyTombstones(manager);
  found.tombstones = count;
  note(invalid.map(({ id, problem }) => ({ agent_type: '*', in: 'tombstone', version: id, problem })));
  return found;
}
