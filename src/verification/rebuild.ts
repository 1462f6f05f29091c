import type { DataSource, EntityManager } from 'typeorm';
import { type AgentMetricsRepository, createWritePath, type RowChange } from '../agent-metrics/index.js';
import type { Settings } from '../config/index.js';
import type { AgentVerifier } from './agent-verifier.js';
import { agentTypesOf, countAgents } from './agent-types.js';
import type { Difference } from './difference.js';
import { rebuildAllRollups, rebuildRollupsOf } from './rebuild-rollups.js';
import { agentRollupDifferences, sumDifferences, testRollupDifferences } from './rollup-differences.js';
import { verifyAgents } from './verify-agents.js';

export interface RebuildRequest {
  /** The agent to rebuild; all when left out. */
  agentType?: string | undefined;
  /** Shows what would be written, and writes nothing. */
  dryRun: boolean;
  /** Is told each difference before it is written away. */
  onDifference: (difference: Difference) => void;
  onProgress?: (agents: number, total: number) => void;
}

export interface Rebuild {
  agents: number;
  /** Rows that were, or would be, written. */
  rows: number;
  differences: number;
  /**
   * Agents with differences that are left: what their events say contradicts itself, or they have none. Nothing can be made
   * of them from the ledger.
   */
  unsound: string[];
}

/**
 * Writes rows and rollups as the ledger makes them, some agents in a transaction, so that a service may go on writing;
 * when the sums over all agents are wrong, all rollups are made anew, while writes wait. An agent whose chain is broken, or
 * that has no events, is left as it is: there is nothing to make it from.
 *
 * @param dataSource with two connections: one goes through the agents, the other writes
 */
export async function rebuild(dataSource: DataSource, settings: Settings, request: RebuildRequest): Promise<Rebuild> {
  const { agents: repository } = await createWritePath(dataSource, settings);
  const done: Rebuild = { agents: 0, rows: 0, differences: 0, unsound: [] };
  const rebuildSome = async (agentTypes: readonly string[]): Promise<void> => {
    const part = await dataSource.transaction((manager) => rebuildAgents(manager, repository, agentTypes, request));
    done.agents += agentTypes.length;
    done.rows += part.rows;
    done.differences += part.differences;
    done.unsound.push(...part.unsound);
  };
  if (request.agentType !== undefined) {
    await rebuildSome([request.agentType]);
    return done;
  }
  await dataSource.transaction(async (reading) => {
    const total = await countAgents(reading);
    for await (const agentTypes of agentTypesOf(reading)) {
      await rebuildSome(agentTypes);
      request.onProgress?.(done.agents, total);
    }
  });
  done.differences += await dataSource.transaction((manager) => rebuildSums(manager, request));
  return done;
}

async function rebuildAgents(
  manager: EntityManager,
  repository: AgentMetricsRepository,
  agentTypes: readonly string[],
  { dryRun, onDifference }: RebuildRequest,
): Promise<Omit<Rebuild, 'agents'>> {
  const locked = await repository.lock(manager, agentTypes, []);
  const verifiers = await verifyAgents(manager, agentTypes);
  const wrong = verifiers.filter(({ differences }) => differences.length > 0);
  const rollups = await testRollupDifferences(manager, agentTypes);
  const differences = [...wrong.flatMap((verifier) => verifier.differences), ...rollups];
  differences.forEach(onDifference);
  const changes = wrong.flatMap((verifier) => rowChange(verifier, locked.get(verifier.agentType)?.version ?? null));
  const broken = wrong.filter((verifier) => !verifier.expected()).map(({ agentType }) => agentType);
  if (dryRun) return { rows: changes.length, differences: differences.length, unsound: unsoundIn(wrong) };
  await repository.restore(manager, changes);
  const sound = rollups.map(({ agent_type }) => agent_type).filter((agentType) => !broken.includes(agentType));
  if (sound.length > 0) await rebuildRollupsOf(manager, [...new Set(sound)]);
  const left = wrong.length === 0 ? [] : await verifyAgents(manager, typesOf(wrong));
  const unsound = typesOf(left.filter((verifier) => verifier.differences.length > 0));
  return { rows: changes.length, differences: differences.length, unsound };
}

/** Those that would have differences left. */
function unsoundIn(verifiers: readonly AgentVerifier[]): string[] {
  return typesOf(
    verifiers.filter((verifier) => !verifier.expected() || verifier.differences.some((each) => each.in === 'event')),
  );
}

function typesOf(verifiers: readonly AgentVerifier[]): string[] {
  return verifiers.map(({ agentType }) => agentType);
}

function rowChange(verifier: AgentVerifier, baseVersion: number | null): RowChange[] {
  const expected = verifier.expected();
  if (!expected) return [];
  const { state, head } = expected;
  return [{ state, whole: true, ledgerHash: head, baseVersion, recorded: state, edited: true }];
}

async function rebuildSums(manager: EntityManager, { dryRun, onDifference }: RebuildRequest): Promise<number> {
  const differences = [...(await sumDifferences(manager)), ...(await agentRollupDifferences(manager))];
  differences.forEach(onDifference);
  if (!dryRun && differences.length > 0) await rebuildAllRollups(manager);
  return differences.length;
}
