import type { DataSource, EntityManager } from 'typeorm';
import { type CommandExecutor, createWritePath } from '../agent-metrics/index.js';
import { getErrorMessage } from '../common/index.js';
import type { Settings } from '../config/index.js';
import { getPostCommitAdvice, getAdvice } from './advice.js';
import type { LegacyTable } from './legacy-table.js';

/** Context of the steps, which share one transaction. */
export interface MigrationContext {
  manager: EntityManager;
  settings: Settings;
  executor: CommandExecutor;
  /** The legacy table, once a step has found it. */
  legacy: LegacyTable | null;
  /** Whether a step created the tables; then they are invisible to others before the COMMIT. */
  madeTables: boolean;
  /** Reports the progress of a step. */
  progress: (done: number, total: number, words: string) => void;
}

/** Result of a step. */
export interface StepResult {
  /** Whether it changed the database. */
  changed: boolean;
  /** Human-readable. */
  summary: string[];
  /** Machine-readable. */
  details?: object;
}

/** A step of the migration. If it throws, all steps are rolled back. */
export interface MigrationStep {
  name: string;
  run(context: MigrationContext): Promise<StepResult>;
}

/** A step that runs after the COMMIT. */
export interface PostCommitStep {
  name: string;
  run(context: Pick<MigrationContext, 'madeTables' | 'progress'>): Promise<StepResult>;
}

export interface StepReport extends StepResult {
  name: string;
  seconds: number;
}

export interface MigrationFailure {
  step: string;
  message: string;
  /** How to fix the failure. */
  advice: string;
}

export interface MigrationReport {
  started_at: string;
  seconds: number;
  dry_run: boolean;
  /** `would_change`: `changed` in a dry run. */
  outcome: 'changed' | 'would_change' | 'nothing_to_do' | 'failed';
  /** Whether the steps were committed. */
  committed: boolean;
  /** Completed steps. They were rolled back if `committed` is false. */
  steps: StepReport[];
  failure: MigrationFailure | null;
}

export interface MigrationRequest {
  steps: readonly MigrationStep[];
  /** Steps after the COMMIT; skipped in a dry run. */
  postCommitSteps?: readonly PostCommitStep[];
  /** Runs all steps, then rolls back. */
  dryRun: boolean;
  progress?: MigrationContext['progress'];
  /** Called when a step starts. */
  onStep?: (name: string) => void;
}

/**
 * Runs the steps in one transaction, then the post-commit steps.
 *
 * @param dataSource data source without a statement timeout
 */
export async function migrate(
  dataSource: DataSource,
  settings: Settings,
  request: MigrationRequest,
): Promise<MigrationReport> {
  const { steps, postCommitSteps = [], dryRun, progress = () => undefined, onStep = () => undefined } = request;
  const startedAt = Date.now();
  const done: StepReport[] = [];
  let current = 'begin';
  let committed = false;
  const report = (failure: MigrationFailure | null): MigrationReport => ({
    started_at: new Date(startedAt).toISOString(),
    seconds: secondsSince(startedAt),
    dry_run: dryRun,
    outcome: failure ? 'failed' : toOutcome(done, dryRun),
    committed,
    steps: done,
    failure,
  });
  const runStep = async (name: string, run: () => Promise<StepResult>): Promise<void> => {
    current = name;
    onStep(name);
    const start = Date.now();
    const result = await run();
    done.push({ name, seconds: secondsSince(start), ...result });
  };
  try {
    const context = await inTransaction(dataSource, async (manager, finish) => {
      const { executor } = await createWritePath(dataSource, settings, manager);
      const migration: MigrationContext = { manager, settings, executor, legacy: null, madeTables: false, progress };
      for (const step of steps) await runStep(step.name, () => step.run(migration));
      current = dryRun ? 'undo' : 'commit';
      await finish(dryRun ? 'ROLLBACK' : 'COMMIT');
      return migration;
    });
    committed = !dryRun;
    if (committed) for (const step of postCommitSteps) await runStep(step.name, () => step.run(context));
    return report(null);
  } catch (error) {
    const advice = committed ? getPostCommitAdvice(error) : getAdvice(error, current === 'commit');
    return report({ step: current, message: getErrorMessage(error), advice });
  }
}

/** Runs work that ends its transaction itself. A transaction that is still active afterwards is rolled back. */
async function inTransaction<T>(
  dataSource: DataSource,
  work: (manager: EntityManager, finish: (how: 'COMMIT' | 'ROLLBACK') => Promise<void>) => Promise<T>,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    await runner.query(TRANSACTION_SETTINGS);
    return await work(runner.manager, (how) =>
      how === 'COMMIT' ? runner.commitTransaction() : runner.rollbackTransaction(),
    );
  } finally {
    // If the connection was lost, the transaction was rolled back by the server.
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    await runner.release();
  }
}

function toOutcome(steps: readonly StepReport[], dryRun: boolean): MigrationReport['outcome'] {
  if (!steps.some(({ changed }) => changed)) return 'nothing_to_do';
  return dryRun ? 'would_change' : 'changed';
}

/** Limits the wait for locks. Fails if row security would hide rows. */
const TRANSACTION_SETTINGS = `
  SET LOCAL lock_timeout = '10s';
  SET LOCAL row_security = off`;

function secondsSince(start: number): number {
  return (Date.now() - start) / 1_000;
}
