import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError, overloaded } from '../common/domain-error.js';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.module.js';
import { TransactionRunner } from '../database/transaction-runner.js';
import type { AgentCommand, RecordedChange } from './agent-command.js';
import { CommandExecutor, type Outcome } from './command-executor.js';

/** Most units of work that one transaction takes. */
const ROUND_SIZE = 256;
/** How long a shutdown waits for the rounds that are under way. */
const DRAIN_LIMIT_MS = 10_000;
const DRAIN_POLL_MS = 5;

/** Commands that take effect together or not at all, and who waits for them. */
interface Unit {
  commands: readonly AgentCommand[];
  settle: (outcome: Outcome) => void;
}

/**
 * Group commit: what arrives while a transaction runs waits, and the next transaction takes all of it, in the order of
 * arrival. So a lone command starts at once, and many share the cost of one COMMIT.
 */
@Injectable()
export class GroupCommit implements BeforeApplicationShutdown {
  private readonly logger = new Logger(GroupCommit.name);
  private readonly waiting: Unit[] = [];
  private running = false;

  constructor(
    private readonly transactions: TransactionRunner,
    private readonly executor: CommandExecutor,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Carries out commands, all of them or none, and returns their changes after the COMMIT.
   *
   * @throws DomainError why they were refused or failed; `overloaded`, at once, when too many wait already
   */
  async submit(commands: readonly AgentCommand[]): Promise<RecordedChange[]> {
    if (this.waiting.length >= this.settings.commitQueueSize) throw overloaded();
    const outcome = await new Promise<Outcome>((settle) => {
      this.waiting.push({ commands, settle });
      if (!this.running) void this.run();
    });
    if (outcome.error !== null) throw outcome.error;
    return outcome.changes;
  }

  /** Waits for the commands that were accepted before the connections close. */
  async beforeApplicationShutdown(): Promise<void> {
    const deadline = Date.now() + DRAIN_LIMIT_MS;
    while (this.running && Date.now() < deadline) await sleep(DRAIN_POLL_MS);
    if (this.running) this.logger.warn(`${this.waiting.length} commands are still waiting; they won't be recorded`);
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0) await this.commit(this.waiting.splice(0, ROUND_SIZE));
    this.running = false;
  }

  private async commit(round: readonly Unit[]): Promise<void> {
    try {
      const outcomes = await this.transactions.run((manager) =>
        this.executor.execute(
          manager,
          round.map(({ commands }) => commands),
        ),
      );
      for (const [index, { settle }] of round.entries()) {
        settle(outcomes[index] ?? { error: new Error('a unit of work without an outcome') });
      }
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      // Which of them is to blame can't be told, unless the database is away for all: each on its own, then.
      if (round.length === 1 || isAway(error)) {
        for (const { settle } of round) settle({ error });
      } else {
        for (const unit of round) await this.commit([unit]);
      }
    }
  }
}

function isAway(error: Error): boolean {
  return error instanceof DomainError && error.code === 'database_unavailable';
}
