import type { DataSource, EntityManager } from 'typeorm';
import { type CommandExecutor, createWritePath } from '../agent-metrics/index.js';
import { getErrorMessage } from '../common/index.js';
import type { Settings } from '../config/index.js';
import { adviceAfterwards, adviceFor } from './advice.js';
import type { LegacyTable } from './legacy-table.js';

/** What the steps of a move work with. All of them share one transaction. */
export interface Move {
  manager: EntityManager;
  settings: Settings;
  executor: CommandExecutor;
  /** The old table, once a step has found one. */
  legacy: LegacyTable | null;
  /** Whether a step made our tables, so that nobody else can see them before the COMMIT. */
  madeTables: boolean;
  /** Shows how far a step is. */
  progress: (done: number, total: number, words: string) => void;
}

/** What a step did. */
export interface StepResult {
  /** Whether it changed the database. */
  changed: boolean;
  /** For people. */
  summary: string[];
  /** For programs, and for looking things up later. */
  details?: object;
}

/** A part of the move. It throws when it fails, and then nothing of the whole move has happened. */
export interface MoveStep {
  name: string;
  run(move: Move): Promise<StepResult>;
}

/** Something that is done when the move is committed, by itself. */
export interface LaterStep {
  name: string;
  run(move: Pick<Move, 'madeTables' | 'progress'>): Promise<StepResult>;
}

export interface StepReport extends StepResult {
  name: string;
  seconds: number;
}

export interface MoveFailure {
  step: string;
  message: string;
  /** What to do about it. */
  advice: string;
}

export interface MoveReport {
  started_at: string;
  seconds: number;
  dry_run: boolean;
  /** `would_change` is what a dry run says of what would be `changed`. */
  outcome: 'changed' | 'would_change' | 'nothing_to_do' | 'failed';
  /** Whether what the steps did stays. */
  committed: boolean;
  /** The steps that were done. Where nothing was committed, they were undone. */
  steps: StepReport[];
  failure: MoveFailure | null;
}

export interface MoveRequest {
  steps: readonly MoveStep[];
  /** What comes after the COMMIT; a dry run leaves it out. */
  afterwards?: readonly LaterStep[];
  /** Does everything, and then undoes it. */
  dryRun: boolean;
  progress?: Move['progress'];
  /** Is told each step when it begins. */
  onStep?: (name: string) => void;
}

/**
 * Carries out the steps in one transaction: all of them, or none. What comes afterwards is done when that is committed.
 *
 * @param dataSource whose statements may take as long as they take
 */
export async function move(dataSource: DataSource, settings: Settings, request: MoveRequest): Promise<MoveReport> {
  const { steps, afterwards = [], dryRun, progress = () => undefined, onStep = () => undefined } = request;
  const startedAt = Date.now();
  const done: StepReport[] = [];
  let current = 'begin';
  let committed = false;
  const report = (failure: MoveFailure | null): MoveReport => ({
    started_at: new Date(startedAt).toISOString(),
    seconds: secondsSince(startedAt),
    dry_run: dryRun,
    outcome: failure ? 'failed' : outcomeOf(done, dryRun),
    committed,
    steps: done,
    failure,
  });
  const take = async (name: string, run: () => Promise<StepResult>): Promise<void> => {
    current = name;
    onStep(name);
    const start = Date.now();
    const result = await run();
    done.push({ name, seconds: secondsSince(start), ...result });
  };
  try {
    const moved = await inTransaction(dataSource, async (manager, finish) => {
      const { executor } = await createWritePath(dataSource, settings, manager);
      const moving: Move = { manager, settings, executor, legacy: null, madeTables: false, progress };
      for (const step of steps) await take(step.name, () => step.run(moving));
      current = dryRun ? 'undo' : 'commit';
      await finish(dryRun ? 'ROLLBACK' : 'COMMIT');
      return moving;
    });
    committed = !dryRun;
    if (committed) for (const step of afterwards) await take(step.name, () => step.run(moved));
    return report(null);
  } catch (error) {
    const advice = committed ? adviceAfterwards(error) : adviceFor(error, current === 'commit');
    return report({ step: current, message: getErrorMessage(error), advice });
  }
}

/** Runs work that finishes its transaction itself; one that it doesn't finish is rolled back. */
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
    // When the connection is gone, so is the transaction.
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    await runner.release();
  }
}

function outcomeOf(steps: readonly StepReport[], dryRun: boolean): MoveReport['outcome'] {
  if (!steps.some(({ changed }) => changed)) return 'nothing_to_do';
  return dryRun ? 'would_change' : 'changed';
}

/** A table that somebody uses isn't waited for long, and no policy hides rows. */
const TRANSACTION_SETTINGS = `
  SET LOCAL lock_timeout = '10s';
  SET LOCAL row_security = off`;

function secondsSince(start: number): number {
  return (Date.now() - start) / 1_000;
}
