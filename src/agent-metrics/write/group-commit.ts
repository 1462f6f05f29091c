import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { type ObservedSubmission, roundChannel, shuttingDown, submissionChannel } from '../../common/index.js';
import { STORAGE_FORM, type StorageForm } from '../../database/storage/index.js';
import type { RecordedChange, UnitOfWork } from './unit-of-work.js';
import { AGENT_METRICS_SETTINGS, type AgentMetricsSettings } from '../settings.js';
import type { Outcome } from './decided-round.js';
import { overloaded } from './errors.js';
import { Lanes } from './lanes.js';
import { Round, type Waiting } from './round.js';
import { RoundTransactions } from './round-transactions.js';
import { SeparateCommits, toAgentTypes, WITHOUT_OUTCOME } from './separate-commits.js';

/** Number of units of work at which a round is full. The last submission may exceed it. */
const ROUND_SIZE = 256;
/** Number of waiting units from which a round is decided while the round before is written. */
const AHEAD_SIZE = 20;
/** Maximum time that a shutdown waits for running rounds. */
const DRAIN_LIMIT_MS = 10_000;
const DRAIN_POLL_MS = 5;

/** Delivers the outcomes of a round. */
type Delivery = () => Promise<void>;
const NOTHING_TO_DELIVER: Delivery = () => Promise.resolve();

/**
 * Group commit: units of work that arrive during a round are queued, and the next round takes all of them in order of
 * arrival. A single command starts immediately; concurrent commands share the cost of one COMMIT. Concurrent rounds
 * never share an agent. Commands wait for a round that holds one of their agents, and for a few milliseconds until a second
 * round is worth its cost (`Lanes`).
 *
 * Many results for the agents of a round are decided while the round is written, on its expected result, and written after
 * its COMMIT, if the agents are as expected. Otherwise they are decided again.
 */
@Injectable()
export class GroupCommit implements BeforeApplicationShutdown {
  private readonly logger = new Logger(GroupCommit.name);
  private waiting: Waiting[] = [];
  private waitingUnits = 0;
  private readonly lanes = new Lanes();
  /** Whether rounds start after the requests that are being read. */
  private isStarting = false;
  /** Starts rounds that are delayed; null: there are none. */
  private delayed: NodeJS.Timeout | null = null;
  private closing = false;
  private readonly separately: SeparateCommits;

  constructor(
    private readonly rounds: RoundTransactions,
    @Inject(AGENT_METRICS_SETTINGS) private readonly settings: AgentMetricsSettings,
    @Inject(STORAGE_FORM) storage: StorageForm,
  ) {
    this.separately = new SeparateCommits((units) => this.rounds.commitUnits(units), storage);
  }

  /**
   * Executes the commands of a unit, all or none, and returns their changes after the COMMIT.
   *
   * @throws DomainError the reason for rejection or failure; `overloaded` if the queue is full; `shutting_down`
   */
  async submit(unit: UnitOfWork): Promise<RecordedChange[]> {
    const [outcome = WITHOUT_OUTCOME] = await this.submitAll([unit]);
    if (outcome.error !== null) throw outcome.error;
    return outcome.changes;
  }

  /**
   * Executes units in the same round, in order, and returns the outcome of each after the COMMIT. A rejected unit does not
   * affect the others.
   *
   * @throws DomainError `overloaded` if the queue is full; `shutting_down`
   */
  async submitAll(units: readonly UnitOfWork[]): Promise<readonly Outcome[]> {
    if (this.closing) throw shuttingDown();
    if (this.waitingUnits >= this.settings.commitQueueSize) throw overloaded();
    const agentTypes = toAgentTypes(units);
    const observed: ObservedSubmission = { startedAt: performance.now() };
    const enqueue = () =>
      new Promise<readonly Outcome[]>((settle) => {
        this.waiting.push({ units, agentTypes, settle, observed });
        this.waitingUnits += units.length;
        if (!this.lanes.isBusy(agentTypes)) this.startSoon();
      });
    return submissionChannel.tracePromise(enqueue, observed);
  }

  /** Number of queued units of work. */
  get waitingCount(): number {
    return this.waitingUnits;
  }

  /** Maximum number of queued units of work. */
  get waitingLimit(): number {
    return this.settings.commitQueueSize;
  }

  /** Refuses new commands and waits for accepted ones before the connections close. */
  async beforeApplicationShutdown(): Promise<void> {
    this.closing = true;
    const deadline = Date.now() + DRAIN_LIMIT_MS;
    while (this.hasWork() && Date.now() < deadline) await sleep(DRAIN_POLL_MS);
    if (this.hasWork()) {
      this.logger.warn(`${this.waitingUnits} commands are still waiting; they will not be recorded`);
    }
  }

  private hasWork(): boolean {
    return this.lanes.count > 0 || this.waitingUnits > 0;
  }

  /** Starts rounds after the requests that arrived together, which then share one. */
  private startSoon(): void {
    if (this.isStarting) return;
    this.isStarting = true;
    void setImmediate().then(() => {
      this.isStarting = false;
      this.startRounds();
    });
  }

  /** Starts rounds for queued units while a lane is free. */
  private startRounds(): void {
    for (;;) {
      const now = performance.now();
      const delay = this.lanes.getDelay(this.waitingUnits, now);
      if (delay === null) return;
      if (delay > 0) {
        if (this.waitingUnits > 0) this.startLater(delay);
        return;
      }
      const { waiting, agentTypes } = this.takeRound();
      if (waiting.length === 0) return;
      const lane = this.lanes.open(agentTypes, now);
      void this.runLane(new Round(waiting), agentTypes).finally(() => {
        this.lanes.close(lane);
        this.startRounds();
      });
    }
  }

  private startLater(delayMs: number): void {
    this.delayed ??= setTimeout(() => {
      this.delayed = null;
      this.startRounds();
    }, delayMs);
  }

  /** Commits a round and those that follow it. The next one begins before the outcomes of the last one are delivered. */
  private async runLane(first: Round, lane: ReadonlySet<string>): Promise<void> {
    let committing = this.observedCommit(first, lane);
    for (let round: Round | null = first; round;) {
      const deliver = await committing;
      round = round.following;
      if (round) committing = this.observedCommit(round, lane);
      await deliver();
    }
  }

  /** Takes the next round, with its agents. Skips units whose agents are busy or are needed by an earlier skipped unit. */
  private takeRound(): { waiting: Waiting[]; agentTypes: Set<string> } {
    const share = this.lanes.getShare(this.waiting.flatMap(({ agentTypes }) => agentTypes));
    const round = { waiting: [] as Waiting[], agentTypes: new Set<string>() };
    const rest: Waiting[] = [];
    const passedOver = new Set<string>();
    let size = 0;
    for (const waiting of this.waiting) {
      const { units, agentTypes } = waiting;
      const isFull =
        size >= ROUND_SIZE ||
        (round.agentTypes.size >= share && agentTypes.some((agentType) => !round.agentTypes.has(agentType)));
      const isSkipped =
        isFull || agentTypes.some((agentType) => passedOver.has(agentType)) || this.lanes.isBusy(agentTypes);
      (isSkipped ? rest : round.waiting).push(waiting);
      for (const agentType of agentTypes) (isSkipped ? passedOver : round.agentTypes).add(agentType);
      if (!isSkipped) size += units.length;
    }
    this.waiting = rest;
    this.waitingUnits -= size;
    return round;
  }

  /** Takes the oldest units if they are for the agents of a running round; null if they are too few. */
  private takeFollowing(lane: ReadonlySet<string>): Round | null {
    let size = 0;
    let count = 0;
    for (const { units, agentTypes } of this.waiting) {
      if (size >= ROUND_SIZE || !agentTypes.every((agentType) => lane.has(agentType))) break;
      size += units.length;
      count++;
    }
    if (size < AHEAD_SIZE) return null;
    this.waitingUnits -= size;
    return new Round(this.waiting.splice(0, count));
  }

  private async observedCommit(round: Round, lane: ReadonlySet<string>): Promise<Delivery> {
    if (!roundChannel.hasSubscribers) return this.commit(round, lane);
    const submissions = round.waiting.map(({ observed }) => observed);
    return roundChannel.tracePromise(() => this.commit(round, lane), { startedAt: performance.now(), submissions });
  }

  private async commit(round: Round, lane: ReadonlySet<string>): Promise<Delivery> {
    try {
      const outcomes = await this.rounds.commit(round, () => this.takeFollowing(lane));
      return () => deliver(round, outcomes);
    } catch (error) {
      if (round.following) round.following.ahead = null;
      await this.separately.commit(round.waiting, error);
      return NOTHING_TO_DELIVER;
    }
  }
}

/** Delivers the outcomes of a round. If a round follows, its statements are sent between the deliveries. */
async function deliver({ waiting, following }: Round, outcomes: readonly Outcome[]): Promise<void> {
  let next = 0;
  for (const { units, settle } of waiting) {
    if (following) await setImmediate();
    settle(outcomes.slice(next, (next += units.length)));
  }
}
