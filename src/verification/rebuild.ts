import type { DataSource, EntityManager } from 'typeorm';
import { type AgentMetricsRepository, createWritePath, type RowChange } from '../agent-metrics/index.js';
import type { Settings } from '../config/index.js';
import type { AgentVerifier } from './agent-verifier.js';
import { readAgentTypes, countAgents } from './agent-types.js';
import type { Difference } from './difference.js';
import { rebuildAllRollups, rebuildRollups } from './rebuild-rollups.js';
import { findAgentRollupDifferences, findSumDifferences, findTestRollupDifferences } from './rollup-differences.js';
import { findAliasFaults, repairAliases, toDifference } from './verify-aliases.js';
import { verifyAgents } from './verify-agents.js';

export interface RebuildRequest {
  /** Default: all agents. */
  agentType?: string | undefined;
  /** Reports differences without writing. */
  dryRun: boolean;
  /** Called with each difference before it is corrected. */
  onDifference: (difference: Difference) => void;
  /** Called after each batch of agents. */
  onProgress?: (agents: number, total: number) => void;
}

export interface RebuildResult {
  agents: number;
  /** Rows that were written; in a dry run, rows that would be written. */
  rows: number;
  differences: number;
  /** Agents with remaining differences, because their events are invalid or missing. */
  unsound: string[];
}

/**
 * Restores rows, earlier names and rollups from the ledger, a batch of agents per transaction, while services can write. If the sums over
 * all agents are wrong, all rollups are rebuilt, which blocks writes. Agents with a broken chain or without events are not
 * changed.
 *
 * @param dataSource with two connections: one reads the agent types, the other writes
 */
export async function rebuild(
  dataSource: DataSource,
  settings: Settings,
  request: RebuildRequest,
): Promise<RebuildResult> {
  const { agents: repository } = await createWritePath(dataSource, settings);
  const done: RebuildResult = { agents: 0, rows: 0, differences: 0, unsound: [] };
  const rebuildPart = async (agentTypes: readonly string[]): Promise<void> => {
    const part = await dataSource.transaction((manager) => rebuildAgents(manager, repository, agentTypes, request));
    done.agents += agentTypes.length;
    done.rows += part.rows;
    done.differences += part.differences;
    done.unsound.push(...part.unsound);
  };
  if (request.agentType !== undefined) {
    await rebuildPart([request.agentType]);
    return done;
  }
  await dataSource.transaction(async (reading) => {
    const total = await countAgents(reading);
    for await (const agentTypes of readAgentTypes(reading)) {
      await rebuildPart(agentTypes);
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
): Promise<Omit<RebuildResult, 'agents'>> {
  const locked = await repository.lock(manager, agentTypes, []);
  const missing = await repository.lockMissing(
    manager,
    agentTypes.filter((agentType) => !locked.has(agentType)),
  );
  const verifiers = await verifyAgents(manager, agentTypes);
  const wrong = verifiers.filter(({ differences }) => differences.length > 0);
  const rollups = await findTestRollupDifferences(manager, agentTypes);
  const aliases = await findAliasFaults(manager, verifiers);
  const differences = [...wrong.flatMap((verifier) => verifier.differences), ...aliases.map(toDifference), ...rollups];
  differences.forEach(onDifference);
  const changes = wrong
    .filter(({ agentType }) => locked.has(agentType) || missing.includes(agentType))
    .flatMap((verifier) => toRowChanges(verifier, locked.get(verifier.agentType)?.version ?? null));
  const broken = wrong.filter((verifier) => !verifier.getExpected()).map(({ agentType }) => agentType);
  if (dryRun) return { rows: changes.length, differences: differences.length, unsound: findUnsound(wrong) };
  await repairAliases(manager, aliases);
  await repository.restore(manager, changes);
  const sound = rollups.map(({ agent_type }) => agent_type).filter((agentType) => !broken.includes(agentType));
  if (sound.length > 0) await rebuildRollups(manager, [...new Set(sound)]);
  const left = wrong.length === 0 ? [] : await verifyAgents(manager, toAgentTypes(wrong));
  const unsound = toAgentTypes(left.filter((verifier) => verifier.differences.length > 0));
  return { rows: changes.length, differences: differences.length, unsound };
}

/** Agents that would have differences after a rebuild. */
function findUnsound(verifiers: readonly AgentVerifier[]): string[] {
  return toAgentTypes(
    verifiers.filter((verifier) => !verifier.getExpected() || verifier.differences.some((each) => each.in === 'event')),
  );
}

function toAgentTypes(verifiers: readonly AgentVerifier[]): string[] {
  return verifiers.map(({ agentType }) => agentType);
}

function toRowChanges(verifier: AgentVerifier, baseVersion: number | null): RowChange[] {
  const expected = verifier.getExpected();
  if (!expected) return [];
  const { state, head } = expected;
  return [
    {
      state,
      whole: true,
      ledgerHash: head,
      baseVersion,
      baseHash: null,
      baseXmin: null,
      recorded: state,
      edited: true,
    },
  ];
}

async function rebuildSums(manager: EntityManager, { dryRun, onDifference }: RebuildRequest): Promise<number> {
  const differences = [...(await findSumDifferences(manager)), ...(await findAgentRollupDifferences(manager))];
  differences.forEach(onDifference);
  if (!dryRun && differences.length > 0) await rebuildAllRollups(manager);
  return differences.length;
}
