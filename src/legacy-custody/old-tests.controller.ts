import { Controller, HttpCode, HttpStatus, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
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
import { AgentTypeParam, ApiAgentType } from '../http/parameters/index.js';
import { Clock, DomainError } from '../common/index.js';
import { type AdministeredTest, CustodyService, TestAdministration, type TestRequest } from '../custody/index.js';
import {
  type OldAdministeredTestDataDto,
  OldAdministeredTestDto,
  OldBatchDto,
  OldTestQueryDto,
} from './dto/old-administered-test.dto.js';
import { answerOf, oldAdministeredTest, oldBatch, oldFailedTest } from './old-answers.js';
import { AI_TYPE, DEPRECATION_HEADERS as headers, SupersededBy } from './superseded-by.decorator.js';

const SUCCESSOR = '/api/agent-metrics/{agent_type}/custody-test';
const PROBLEMS = ['agent_not_found', 'evaluator_not_configured', 'evaluator_failed', 'evaluator_timeout'] as const;

/** The paths of the old backend that have tests administered, by the evaluator that the settings name. */
@ApiTags('Custody, old backend')
@Controller('api/custody')
export class OldTestsController {
  constructor(
    private readonly administration: TestAdministration,
    private readonly custody: CustodyService,
    private readonly clock: Clock,
  ) {}

  /**
   * Have an agent tested (old backend)
   *
   * @remarks Asks the evaluator that CUSTODY_EVALUATOR_URL names, waits for its answer, and records the result exactly
   * once. Without an evaluator it is 501: record results with `POST /api/agent-metrics/{agent_type}/custody-test`. An
   * evaluator that fails changes nothing.
   * @deprecated
   */
  @Post('test/:ai_type')
  @HttpCode(HttpStatus.OK)
  @SupersededBy(SUCCESSOR)
  @ApiAgentType(AI_TYPE)
  @ApiWrite({
    type: OldAdministeredTestDto,
    ok: 'The test was administered, and its result committed.',
    problems: PROBLEMS,
    headers,
  })
  async oldTest(
    @AgentTypeParam(AI_TYPE) agentType: string,
    @Query() { test_category: category }: OldTestQueryDto,
    @WriteHeaders() options: WriteOptions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OldAdministeredTestDto> {
    return this.administer(agentType, { category, forced: false }, options, reply);
  }

  /**
   * Have an agent tested, whatever the schedule says (old backend)
   *
   * @remarks As `POST /api/custody/test/{ai_type}`, and the evaluator is told that the test is forced. Without an evaluator:
   * `POST /api/agent-metrics/{agent_type}/custody-test`.
   * @deprecated
   */
  @Post('test/:ai_type/force')
  @HttpCode(HttpStatus.OK)
  @SupersededBy(SUCCESSOR)
  @ApiAgentType(AI_TYPE)
  @ApiWrite({
    type: OldAdministeredTestDto,
    ok: 'The test was administered, and its result committed.',
    problems: PROBLEMS,
    headers,
  })
  async oldForcedTest(
    @AgentTypeParam(AI_TYPE) agentType: string,
    @Query() { test_category: category }: OldTestQueryDto,
    @WriteHeaders() options: WriteOptions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OldAdministeredTestDto> {
    return this.administer(agentType, { category, forced: true }, options, reply);
  }

  /**
   * Have the four default agents tested (old backend)
   *
   * @remarks As `POST /api/custody/test/{ai_type}` for imperium, guardian, sandbox and conquest, side by side. What fails for
   * one takes nothing from the others; when all fail, it is the problem of the first. Without an evaluator:
   * `POST /api/agent-metrics/{agent_type}/custody-test`.
   * @deprecated
   */
  @Post('batch-test')
  @HttpCode(HttpStatus.OK)
  @SupersededBy('/api/custody/agents')
  @ApiBulkWrite({
    type: OldBatchDto,
    ok: 'At least one test was administered, and its result committed.',
    problems: PROBLEMS,
    headers,
  })
  async oldBatchTest(
    @BulkWriteHeaders() options: BulkWriteOptions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OldBatchDto> {
    const tests = [...(await this.administration.administerToDefaultAgents(options))];
    const recorded = tests.flatMap(([, test]) => (test instanceof DomainError ? [] : [test.change]));
    acknowledgeAll(reply, recorded);
    const results = tests.map(async ([agentType, test]) =>
      test instanceof DomainError ? oldFailedTest(agentType, test) : this.describe(test),
    );
    return answerOf(oldBatch(await Promise.all(results)), this.clock.now());
  }

  private async administer(
    agentType: string,
    asked: TestRequest,
    options: WriteOptions,
    reply: FastifyReply,
  ): Promise<OldAdministeredTestDto> {
    const test = await this.administration.administer(agentType, asked, options);
    acknowledge(reply, test.change);
    return answerOf(await this.describe(test), this.clock.now());
  }

  private async describe({ change, result }: AdministeredTest): Promise<OldAdministeredTestDataDto> {
    return oldAdministeredTest(await this.custody.getStanding(change.agent_type), result);
  }
}
