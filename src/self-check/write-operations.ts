import type { INestApplicationContext } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AgentMetricsService, type RecordedChange } from '../agent-metrics/index.js';
import { testRollupDifferences, verifyAgents } from '../verification/index.js';
import type { Operation } from './operation.js';

const PASSED = { passed: true, score: 95, duration: 12.5 };
const FAILED = { passed: false, score: 40, duration: 12.5 };

/** Every write, in an order in which each finds what it needs, on this agent, which doesn't exist yet. */
export function writeOperations(services: INestApplicationContext, agentType: string): Operation[] {
  const agents = services.get(AgentMetricsService, { strict: false });
  let version = 0;
  /** A write, which must be the agent's next event. */
  const write = (
    name: string,
    send: (options: { manager: EntityManager }) => Promise<RecordedChange>,
    events = 1,
  ): Operation => ({
    name,
    run: async (manager) => {
      const change = await send({ manager });
      version += events;
      if (change.version !== version) throw new Error(`it is version ${change.version}, and should be ${version}`);
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
      if (!change) throw new Error('a bulk update without a change');
      return change;
    }),
    write('reset of custody', (options) => agents.resetCustodyMetrics(agentType, options)),
    write('reset', (options) => agents.resetAgentMetrics(agentType, options)),
    { name: 'ledger, row and rollups agree', run: (manager) => mustAgree(manager, agentType) },
  ];
}

async function mustAgree(manager: EntityManager, agentType: string): Promise<void> {
  const [verifier] = await verifyAgents(manager, [agentType]);
  const differences = [...(verifier?.differences ?? []), ...(await testRollupDifferences(manager, [agentType]))];
  if (differences.length > 0) throw new Error(differences.map(({ problem }) => problem).join('; '));
}
