import { applyDecorators, HttpCode, HttpStatus, Post, Query, Res } from '@nestjs/common';
import {
  acknowledge,
  acknowledgeAll,
  ApiBulkWrite,
  ApiWrite,
  BulkWriteHeaders,
  type BulkWriteOptions,
  WriteHeaders,
  type WriteOptions,
} from '../agent-metrics/index.js';
import { CallerAgents, ConcernsAgents } from '../http/access/index.js';
import { ApiController } from '../http/controllers/index.js';
import type { HttpResponse } from '../http/exchange/index.js';
import { AgentTypeParam, ApiAgentType } from '../http/parameters/index.js';
import { type AgentAccess, Clock, DomainError } from '../common/index.js';
import { type AdministeredTest, CustodyService, TestAdministration, type TestRequest } from '../custody/index.js';
import {
  type OldAdministeredTestDataDto,
  OldAdministeredTestDto,
  OldBatchDto,
  OldTestQueryDto,
} from './dto/administered-test.dto.js';
import { toEnvelope, toAdministeredTestData, toBatchData, toFailedTest } from './responses.js';
import { AI_TYPE, DEPRECATION_HEADERS as headers, SupersededBy } from './superseded-by.decorator.js';
import { RequestPipe } from '../http/validation/index.js';

const SUCCESSOR = '/agent-metrics/{agent_type}/custody-test';
const PROBLEMS = ['agent_not_found', 'evaluator_not_configured', 'evaluator_failed', 'evaluator_timeout'] as const;

/** Decorators of the routes that administer one test. Without HttpCode, which the compiler plugin must find on the route. */
const AdministersTest = (): MethodDecorator =>
  applyDecorators(
    SupersededBy(SUCCESSOR),
    ApiAgentType(AI_TYPE),
    ApiWrite({
      type: OldAdministeredTestDto,
      ok: 'The test was administered, and its result committed.',
      problems: PROBLEMS,
      headers,
    }),
  );

/** The old backend's routes that administer tests. */
@ApiController('custody', 'Custody, old backend')
export class LegacyTestsController {
  constructor(
    private readonly administration: TestAdministration,
    private readonly custody: CustodyService,
    private readonly clock: Clock,
  ) {}

  /**
   * Administer a test to an agent (old backend)
   *
   * @remarks Requests a test from the evaluator (CUSTODY_EVALUATOR_URL), waits for the response, and records the result
   * exactly once. Without an evaluator the status is 501; record results with
   * `POST /api/agent-metrics/{agent_type}/custody-test`. If the evaluator fails, nothing is recorded.
   * @deprecated
   */
  @Post('test/:ai_type')
  @HttpCode(HttpStatus.OK)
  @AdministersTest()
  async oldTest(
    @AgentTypeParam(AI_TYPE) agentType: string,
    @Query(RequestPipe) { test_category: category }: OldTestQueryDto,
    @WriteHeaders() options: WriteOptions,
    @Res({ passthrough: true }) reply: HttpResponse,
  ): Promise<OldAdministeredTestDto> {
    return this.administer(agentType, { category, forced: false }, options, reply);
  }

  /**
   * Administer a forced test to an agent (old backend)
   *
   * @remarks Like `POST /api/custody/test/{ai_type}`, with `forced: true` in the request to the evaluator. Without an
   * evaluator use `POST /api/agent-metrics/{agent_type}/custody-test`.
   * @deprecated
   */
  @Post('test/:ai_type/force')
  @HttpCode(HttpStatus.OK)
  @AdministersTest()
  async oldForcedTest(
    @AgentTypeParam(AI_TYPE) agentType: string,
    @Query(RequestPipe) { test_category: category }: OldTestQueryDto,
    @WriteHeaders() options: WriteOptions,
    @Res({ passthrough: true }) reply: HttpResponse,
  ): Promise<OldAdministeredTestDto> {
    return this.administer(agentType, { category, forced: true }, options, reply);
  }

  /**
   * Administer tests to the four default agents (old backend)
   *
   * @remarks Like `POST /api/custody/test/{ai_type}` for imperium, guardian, sandbox and conquest, concurrently. A failure
   * for one agent does not affect the others. If all fail, the response is the problem of the first. A key that is limited
   * to some agents tests those of the four that it may access. Without an evaluator use
   * `POST /api/agent-metrics/{agent_type}/custody-test`.
   * @deprecated
   */
  @Post('batch-test')
  @ConcernsAgents('visible')
  @HttpCode(HttpStatus.OK)
  @SupersededBy('/custody/agents')
  @ApiBulkWrite({
    type: OldBatchDto,
    ok: 'At least one test was administered, and its result committed.',
    problems: PROBLEMS,
    headers,
  })
  async oldBatchTest(
    @BulkWriteHeaders() options: BulkWriteOptions,
    @CallerAgents() access: AgentAccess,
    @Res({ passthrough: true }) reply: HttpResponse,
  ): Promise<OldBatchDto> {
    const tests = [...(await this.administration.administerToDefaultAgents(options, access))];
    const recorded = tests.flatMap(([, test]) => (test instanceof DomainError ? [] : [test.change]));
    acknowledgeAll(reply, recorded);
    const results = tests.map(async ([agentType, test]) =>
      test instanceof DomainError ? toFailedTest(agentType, test) : this.toData(test),
    );
    return toEnvelope(toBatchData(await Promise.all(results)), this.clock.now());
  }

  private async administer(
    agentType: string,
    request: TestRequest,
    options: WriteOptions,
    reply: HttpResponse,
  ): Promise<OldAdministeredTestDto> {
    const test = await this.administration.administer(agentType, request, options);
    acknowledge(reply, test.change);
    return toEnvelope(await this.toData(test), this.clock.now());
  }

  private async toData({ change, result }: AdministeredTest): Promise<OldAdministeredTestDataDto> {
    return toAdministeredTestData(await this.custody.getStanding(change.agent_type), result);
  }
}
