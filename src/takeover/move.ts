import type { DataSource, EntityManager } from 'typeorm';
import type { CommandExecutor } from '../agent-metrics/command-executor.js';
import { messageOf } from '../common/error-message.js';
import type { Settings } from '../config/settings.js';
import { adviceFor } from './advice.js';
import { createExecutor } from './carry-out.js';
import type { LegacyTable } from './legacy-table.js';

/** What the steps of a move work with. All of them share one transaction. */
export interface Move {
  manager: EntityManager;
  settings: Settings;
  executor: CommandExecutor;
  /** The old table, once a step has found one. */
  legacy: LegacyTable | null;
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
  /** The steps that were done. Of a failed move and of a dry run, all of them were undone. */
  steps: StepReport[];
  failure: MoveFailure | null;
}

export interface MoveRequest {
  steps: readonly MoveStep[];
  /** Does everything, and then undoes it. */
  dryRun: boolean;
  progress?: Move['progress'];
  /** Is told each step when it begins. */
  onStep?: (name: string) => void;
}

/**
 * Carries out the steps in one transaction: all of them, or none.
 *
 * @param dataSource whose statements may take as long as they take
 */
export async function move(dataSource: DataSource, settings: Settings, request: MoveRequest): Promise<MoveReport> {
  const { steps, dryRun, progress = () => undefined, onStep = () => undefined } = request;
  const startedAt = Date.now();
  const done: StepReport[] = [];
  const report = (outcome: MoveReport['outcome'], failure: MoveFailure | null = null): MoveReport => ({
    started_at: new Date(startedAt).toISOString(),
    seconds: secondsSince(startedAt),
    dry_run: dryRun,
    outcome,
    steps: done,
    failure,
  });
  let current = 'begin';
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    await runner.query(TRANSACTION_SETTINGS);
    const shared: Move = {
      manager: runner.manager,
      settings,
      executor: createExecutor(dataSource, settings),
      legacy: null,
      progress,
    };
    for (const step of steps) {
      current = step.name;
      onStep(step.name);
      const stepStartedAt = Date.now();
      const result = await step.run(shared);
      done.push({ name: step.name, seconds: secondsSince(stepStartedAt), ...result });
    }
    current = dryRun ? 'undo' : 'commit';
    await (dryRun ? runner.rollbackTransaction() : runner.commitTransaction());
    if (!done.some(({ changed }) => changed)) return report('nothing_to_do');
    return report(dryRun ? 'would_change' : 'changed');
  } catch (error) {
    // When the connection is gone, so is the transaction.
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    return report('failed', {
      step: current,
      message: messageOf(error),
      advice: adviceFor(error, current === 'commit'),
    });
  } finally {
    await runner.release();
  }
}

/**
 * However the role or the database is set up: no limit but on the wait for a table that somebody uses, rows that no policy
 * hides, and text in one form.
 */
const TRANSACTION_SETTINGS = `
  SET LOCAL statement_timeout = 0;
  SET LOCAL idle_in_transaction_session_timeout = 0;
  SET LOCAL lock_timeout = '10s';
  SET LOCAL row_security = off;
  SET LOCAL timezone = 'UTC';
  SET LOCAL datestyle = 'ISO, YMD';
  SET LOCAL intervalstyle = 'postgres';
  SET LOCAL extra_float_digits = 1;
  SET LOCAL bytea_output = 'hex'`;

function secondsSince(start: number): number {
  return (Date.now() - start) / 1_000;
}
