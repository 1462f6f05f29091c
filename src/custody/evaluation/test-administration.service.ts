import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import {
  AgentMetricsService,
  type BulkWriteOptions,
  parseBulkWriteOptions,
  parseWriteOptions,
  type RecordedChange,
  type WriteOptions,
} from '../../agent-metrics/index.js';
import {
  AgentAccess,
  agentForbidden,
  DomainError,
  preconditionFailed,
  ThrowsDomainErrors,
} from '../../common/index.js';
import { assertAgentType } from '../../http/parameters/index.js';
import { parseArgument } from '../../http/validation/index.js';
import { type CustodyTestResult, DEFAULT_AGENT_TYPES, type EventPayloads, holds } from '../../progression/index.js';
import { CustodyAgentQueries } from '../custody-agents.queries.js';
import { invalidResult } from './evaluator-errors.js';
import { Evaluator } from './evaluator.js';
import { createAssignment, type TestRequest } from './test-assignment.js';
import { TestArgument } from './test-request.dto.js';

/** Pauses between attempts to record a result. */
const RETRY_PAUSES_MS = [100, 1_000, 3_000];

/** An administered test whose result was recorded. */
export interface AdministeredTest {
  change: RecordedChange;
  /** The result as recorded in the ledger. */
  result: EventPayloads['custody_test'];
}

/** The administered test of each agent, or the error. */
export type AdministeredTests = Map<string, AdministeredTest | DomainError>;

/**
 * Requests tests from the evaluator and records each valid result exactly once. All methods validate their arguments before
 * the evaluator is called, and throw DomainError only, like AgentMetricsService.
 */
@Injectable()
@ThrowsDomainErrors()
export class TestAdministration {
  private readonly running = new Map<string, Promise<RecordedChange>>();

  constructor(
    private readonly agents: AgentMetricsService,
    private readonly custodyAgents: CustodyAgentQueries,
    private readonly evaluator: Evaluator,
  ) {}

  /**
   * Administers a test to an existing agent and records the result. A repeated request with the same Idempotency-Key
   * returns the first result without calling the evaluator.
   *
   * @throws DomainError `agent_not_found`, and the errors of Evaluator.evaluate and
   *   AgentMetricsService.updateCustodyTestResult
   */
  async administer(agentType: string, test: TestRequest, options?: WriteOptions): Promise<AdministeredTest> {
    assertAgentType(agentType);
    const asked = parseArgument(test, TestArgument);
    const request = { administer_test: asked };
    const write = { ...parseWriteOptions(options), request };
    this.evaluator.assertConfigured();
    const change = await this.administerOnce(agentType, asked, write);
    return { change, result: await this.agents.getRecordedTest(agentType, change.version) };
  }

  /**
   * Administers a test to each default agent concurrently. A failure for one agent does not affect the others.
   *
   * @param access agents that are tested. Default: all
   * @throws DomainError of the first agent if all tests failed; `agent_forbidden` if the caller may access no default agent
   */
  async administerToDefaultAgents(options?: BulkWriteOptions, access = AgentAccess.ALL): Promise<AdministeredTests> {
    const write = parseBulkWriteOptions(options);
    AgentAccess.assert(access);
    const tested = DEFAULT_AGENT_TYPES.filter((agentType) => access.mayAccess(agentType));
    if (tested.length === 0) throw agentForbidden();
    const tests = await Promise.all(
      tested.map((agentType) =>
        this.administer(agentType, { forced: false }, write).catch((error: unknown) => {
          if (error instanceof DomainError && error.code !== 'internal_error') return error;
          throw error;
        }),
      ),
    );
    const [first] = tests;
    if (first instanceof DomainError && tests.every((test) => test instanceof DomainError)) throw first;
    return new Map(tests.map((test, index) => [tested[index] ?? '', test]));
  }

  /** Concurrent requests with the same key wait for the result of the first. */
  private async administerOnce(agentType: string, test: TestRequest, options: WriteOptions): Promise<RecordedChange> {
    const { idempotencyKey } = options;
    if (idempotencyKey === undefined) return this.evaluateAndRecord(agentType, test, options);
    const name = JSON.stringify([agentType, idempotencyKey, test]);
    const running = this.running.get(name);
    if (running) return { ...(await running), replayed: true };
    const change = this.findOrEvaluate(agentType, test, options).finally(() => this.running.delete(name));
    this.running.set(name, change);
    return change;
  }

  private async findOrEvaluate(agentType: string, test: TestRequest, options: WriteOptions): Promise<RecordedChange> {
    const earlier = await this.agents.findRecordedChange(agentType, options);
    return earlier ?? this.evaluateAndRecord(agentType, test, options);
  }

  private async evaluateAndRecord(
    agentType: string,
    test: TestRequest,
    options: WriteOptions,
  ): Promise<RecordedChange> {
    const agent = await this.custodyAgents.get(agentType);
    // Checked before the test only, so that a change during the test does not discard the result.
    const { precondition = {}, ...others } = options;
    if (!holds(precondition, agent.version)) throw preconditionFailed(agentType, agent.version);
    const assignment = createAssignment(agent, test, uuidv7());
    const result = await this.evaluator.evaluate(assignment);
    // With a key, the write can be retried if its outcome is unknown.
    const idempotencyKey = options.idempotencyKey ?? `administered test ${assignment.test_id}`;
    return this.record(agentType, result, { ...others, idempotencyKey });
  }

  /** Retries temporary failures, because the test cannot be administered again. */
  private async record(agentType: string, result: CustodyTestResult, options: WriteOptions): Promise<RecordedChange> {
    const pauses = [...RETRY_PAUSES_MS];
    for (;;) {
      try {
        return await this.agents.updateCustodyTestResult(agentType, result, options);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        if (error.code === 'rule_violated') throw invalidResult(error);
        const pause = pauses.shift();
        if (error.options.retryAfterSeconds === undefined || pause === undefined) throw error;
        await sleep(pause);
      }
    }
  }
}
