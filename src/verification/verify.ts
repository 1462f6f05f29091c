import type { DataSource, EntityManager } from 'typeorm';
import { agentTypesOf, countAgents } from './agent-types.js';
import type { Difference } from './difference.js';
import { agentRollupDifferences, sumDifferences, testRollupDifferences } from './rollup-differences.js';
import { verifyAgents } from './verify-agents.js';

/** Differences that the result names; all are counted, and told when they are found. */
const MOST_NAMED = 1_000;

/** Is told how far a verification is. */
export type Report = (soFar: Verification) => void;

export interface Verification {
  /** How many agents there are in all. */
  totalAgents: number;
  /** How many of them were looked at. */
  agents: number;
  events: number;
  differences: number;
  /** The first of them, at most 1,000. */
  named: Difference[];
}

/** As `verifyIn`, of the database as it is at one moment, whoever goes on writing. */
export async function verify(
  dataSource: DataSource,
  report?: Report,
  onDifference?: (difference: Difference) => void,
): Promise<Verification> {
  return dataSource.transaction('REPEATABLE READ', async (manager) => {
    await manager.query('SET TRANSACTION READ ONLY');
    return verifyIn(manager, report, onDifference);
  });
}

/**
 * Folds the ledger of every agent and compares what comes out with its row and with the rollups; checks that versions
 * have no gap and that each event is what its hash says. Reads in bounded memory, and changes nothing.
 *
 * @param report is told how far it is, every so often
 * @param onDifference is told each difference when it is found
 */
export async function verifyIn(
  manager: EntityManager,
  report: Report = () => undefined,
  onDifference: (difference: Difference) => void = () => undefined,
): Promise<Verification> {
  const found: Verification = {
    totalAgents: await countAgents(manager),
    agents: 0,
    events: 0,
    differences: 0,
    named: [],
  };
  const note = (differences: readonly Difference[]): void => {
    found.differences += differences.length;
    differences.forEach(onDifference);
    found.named.push(...differences.slice(0, MOST_NAMED - found.named.length));
  };
  for await (const agentTypes of agentTypesOf(manager)) {
    const verifiers = await verifyAgents(manager, agentTypes, (events) => {
      found.events += events;
      report(found);
    });
    for (const { differences } of verifiers) note(differences);
    note(await testRollupDifferences(manager, agentTypes));
    found.agents += agentTypes.length;
    report(found);
  }
  note(await sumDifferences(manager));
  note(await agentRollupDifferences(manager));
  return found;
}
