import type { INestApplicationContext } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AgentMetricsService, type RecordedChange } from '../agent-metrics/index.js';
import { findTestRollupDifferences, verifyAgents } from '../verification/index.js';
import type { Operation } from './operation.js';

const PASSED = { passed: true, score: 95, duration: 12.5 };
const FAILED = { passed: false, score: 40, duration: 12.5 };

/**
 * Creates every write operation, in an order in which each one can succeed.
 *
 * @param agentType an agent that does not exist
 */
export function createWriteOperations(services: INestApplicationContext, agentType: string): Operation[] {
  const agents = services.get(AgentMetricsService, { strict: false });
  let version = 0;
  /** A write that must record the given number of events. */
  const write = (
    name: string,
    send: (options: { manager: EntityManager }) => Promise<RecordedChange>,
    events = 1,
  ): Operation => ({
    name,
    run: async (manager) => {
      const change = await send({ manager });
      version += events;
      if (change.version !== version) throw new Error(`version is ${change.version}, expected ${version}`);
    },
  });
  return [
    write('create', (options) => agents.createOrUpdateAgentMetrics(agentType, { priority: 'high' }, options), 2),
    write('update', (options) => agents.updateSpecificMetrics(agentType, { status: 'active' }, options)),
    write('custody test, passed', (options) => agents.updateCustodyTestResult(agentType, PASSED, options)),
    write('custody test, failed', (options) => agents.updateCustodyTestResult(agentType, FAILED, options)),
    write('adversarial test', (options) =>
      agents.updateAdversarialTestResult(agentType, { score: 80, is_winner: true }, options),
    ),
    write('learning', (options) =>
      agents.updateLearningMetrics(agentType, { learning_score: 1, learning_patterns: ['checked'] }, options),
    ),
    write('custody XP', (options) => agents.updateCustodyXp(agentType, 5, options)),
    write('bulk update', async (options) => {
      const [change] = await agents.bulkUpdateMetrics({ [agentType]: { xp: 1_000 } }, options);
      if (!change) throw new Error('the bulk update returned no change');
      return change;
    }),
    write('reset of custody', (options) => agents.resetCustodyMetrics(agentType, options)),
    write('reset', (options) => agents.resetAgentMetrics(agentType, options)),
    { name: 'ledger, row and rollups agree', run: (manager) => assertConsistent(manager, agentType) },
  ];
}

async function assertConsistent(manager: EntityManager, agentType: string): Promise<void> {
  const [verifier] = await verifyAgents(manager, [agentType]);
  const differences = [...(verifier?.differences ?? []), ...(await findTestRollupDifferences(manager, [agentType]))];
  if (differences.length > 0) throw new Error(differences.map(({ problem }) => problem).join('; '));
}
