import { DomainError, writeConflict } from '../../common/index.js';
import { isDatabaseFailure, isLockTimeout } from '../../database/errors/index.js';
import type { StorageForm } from '../../database/storage/index.js';
import type { Outcome } from './decided-round.js';
import { splitByAgent, type Submission, toUnits } from './split-round.js';
import type { UnitOfWork } from './unit-of-work.js';

/** Time after which the rest of a split round fails: each transaction may wait for an unavailable server. */
const SPLIT_LIMIT_MS = 5_000;

/** Commits the units of a failed round in several transactions. */
export class SeparateCommits {
  /** @param transact executes units in a transaction */
  constructor(
    private readonly transact: (units: readonly UnitOfWork[]) => Promise<Outcome[]>,
    private readonly storage: StorageForm,
  ) {}

  /** Commits what can be committed after the failure of a round. */
  async commit(round: readonly Submission[], failure: unknown): Promise<void> {
    const groups = this.storage.isPartialFailure(failure) ? splitByAgent(round) : [];
    if (groups.length > 1) await this.commitByAgent(groups, failure);
    else if (toUnits(round).length === 1 || isDatabaseFailure(failure)) failAll(round, failure);
    else await this.commitOneByOne(round);
  }

  /** Commits groups of units without common agents, so that those on available servers are recorded. */
  private async commitByAgent(groups: readonly (readonly Submission[])[], partial: unknown): Promise<void> {
    const deadline = performance.now() + SPLIT_LIMIT_MS;
    let failure: unknown;
    for (const group of groups) {
      if (performance.now() > deadline) failure ??= partial;
      if (failure !== undefined) {
        failAll(group, failure);
        continue;
      }
      try {
        const outcomes = await this.transact(toUnits(group));
        for (const [index, { settle }] of group.entries()) settle(outcomes.slice(index, index + 1));
      } catch (error) {
        if (isDatabaseFailure(error) && !this.storage.isPartialFailure(error)) failure = error;
        if (isDatabaseFailure(error)) failAll(group, error);
        else await this.commitOneByOne(group);
      }
    }
  }

  /** Commits units individually after a failure of the round. Waits for a locked agent only once. */
  private async commitOneByOne(round: readonly Submission[]): Promise<void> {
    const locked = new Set<string>();
    let failure: unknown;
    for (const { units, settle } of round) {
      const outcomes: Outcome[] = [];
      for (const unit of units) {
        if (failure !== undefined) {
          outcomes.push(failed(failure));
          continue;
        }
        const agentTypes = toAgentTypes([unit]);
        try {
          if (agentTypes.some((agentType) => locked.has(agentType))) throw writeConflict(new Error('still locked'));
          const [outcome = WITHOUT_OUTCOME] = await this.transact([unit]);
          outcomes.push(outcome);
        } catch (error) {
          if (isDatabaseFailure(error)) failure = error;
          outcomes.push(failed(error));
          const [agentType, ...others] = agentTypes;
          if (agentType !== undefined && others.length === 0 && isLocked(error)) locked.add(agentType);
        }
      }
      settle(outcomes);
    }
  }
}

/** Outcome of a unit that was not executed. */
export const WITHOUT_OUTCOME: Outcome = { error: new Error('a unit of work without an outcome') };

function failed(thrown: unknown): Outcome {
  return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
}

function failAll(round: readonly Submission[], thrown: unknown): void {
  for (const { units, settle } of round) settle(units.map(() => failed(thrown)));
}

/** Agents of units, each once. */
export function toAgentTypes(units: readonly UnitOfWork[]): string[] {
  const agentTypes = units.flatMap(({ commands }) => commands.map(({ agentType }) => agentType));
  return units.length === 1 ? agentTypes : [...new Set(agentTypes)];
}

function isLocked(error: unknown): boolean {
  return error instanceof DomainError && isLockTimeout(error.cause);
}
