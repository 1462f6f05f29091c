import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import {
  AgentMetricsService,
  type BulkWriteOptions,
  type RecordedChange,
  type WriteOptions,
} from '../../agent-metrics/index.js';
import { DomainError, preconditionFailed } from '../../common/index.js';
import { type CustodyTestResult, DEFAULT_AGENT_TYPES, type EventPayloads, holds } from '../../progression/index.js';
import { CustodyAgentQueries } from '../custody-agents.queries.js';
import { noResult } from './evaluator-errors.js';
import { Evaluator } from './evaluator.js';
import { assignmentFor, type TestRequest } from './test-assignment.js';

/** How long to wait before a result that couldn't be recorded is tried again. */
const RETRY_PAUSES_MS = [100, 1_000, 3_000];

/** A test that was administered, and recorded. */
export interface AdministeredTest {
  change: RecordedChange;
  /** The result as the ledger has it. */
  result: EventPayloads['custody_test'];
}

/** Of each agent what came of its test. */
export type AdministeredTests = Map<string, AdministeredTest | DomainError>;

/** Has tests administered by the evaluator, and records their results: each exactly once, and only what is a result. */
@Injectable()
export class TestAdministration {
  private readonly running = new Map<string, Promise<RecordedChange>>();

  constructor(
    private readonly agents: AgentMetricsService,
    private readonly custodyAgents: CustodyAgentQueries,
    private readonly evaluator: Evaluator,
  ) {}

  /**
   * Has a test administered to an agent that exists, and records its result. A request that is sent again with its
   * Idempotency-Key gets the first result; the evaluator isn't asked again.
   *
   * @throws DomainError as Evaluator.evaluate and AgentMetricsService.updateCustodyTestResult, and `agent_not_found`
   */
  async administer(agentType: string, asked: TestRequest, options: WriteOptions = {}): Promise<AdministeredTest> {
    this.evaluator.assertConfigured();
    const request = { administer_test: asked };
    const earlier = await this.agents.findRecordedChange(agentType, { ...options, request });
    const change = earlier ?? (await this.evaluateOnce(agentType, asked, { ...options, request }));
    return { change, result: await this.agents.getRecordedTest(agentType, change.version) };
  }

  /**
   * Has the default agents tested side by side. What failed for one takes nothing from the others.
   *
   * @throws DomainError when no agent could be tested, with the reason for the first
   */
  async administerToDefaultAgents(options: BulkWriteOptions = {}): Promise<AdministeredTests> {
    const tests = await Promise.all(
      DEFAULT_AGENT_TYPES.map((agentType) =>
        this.administer(agentType, { forced: false }, options).catch((error: unknown) => {
          if (error instanceof DomainError) return error;
          throw error;
        }),
      ),
    );
    const [first] = tests;
    if (first instanceof DomainError && tests.every((test) => test instanceof DomainError)) throw first;
    return new Map(tests.map((test, index) => [DEFAULT_AGENT_TYPES[index] ?? '', test]));
  }

  /** Requests with the same key that come while the first is under way wait for its result. */
  private async evaluateOnce(agentType: string, asked: TestRequest, options: WriteOptions): Promise<RecordedChange> {
    const { idempotencyKey } = options;
    if (idempotencyKey === undefined) return this.evaluateAndRecord(agentType, asked, options);
    const name = JSON.stringify([agentType, idempotencyKey, asked]);
    const running = this.running.get(name);
    if (running) return { ...(await running), replayed: true };
    const change = this.evaluateAndRecord(agentType, asked, options).finally(() => this.running.delete(name));
    this.running.set(name, change);
    return change;
  }

  private async evaluateAndRecord(
    agentType: string,
    asked: TestRequest,
    options: WriteOptions,
  ): Promise<RecordedChange> {
    const agent = await this.custodyAgents.get(agentType);
    // Before the test: what changes during it is no reason to lose the result.
    const { precondition = {}, ...others } = options;
    if (!holds(precondition, agent.version)) throw preconditionFailed(agentType, agent.version);
    const assignment = assignmentFor(agent, asked, uuidv7());
    const result = await this.evaluator.evaluate(assignment);
    // With a key the write may be tried again when its outcome is unknown.
    const idempotencyKey = options.idempotencyKey ?? `administered test ${assignment.test_id}`;
    return this.record(agentType, result, { ...others, idempotencyKey });
  }

  /** Tries again what may be tried again: the test can't be administered a second time. */
  private async record(agentType: string, result: CustodyTestResult, options: WriteOptions): Promise<RecordedChange> {
    const pauses = [...RETRY_PAUSES_MS];
    for (;;) {
      try {
        return await this.agents.updateCustodyTestResult(agentType, result, options);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        if (error.code === 'rule_violated') throw noResult(error);
        const pause = pauses.shift();
        if (error.options.retryAfterSeconds === undefined || pause === undefined) throw error;
        await sleep(pause);
      }
    }
  }
}
