import { HttpCode, HttpStatus, Logger, type OnModuleInit, Post, Query, Req, StreamableFile } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiBody, ApiOkResponse, ApiExtraModels, getSchemaPath } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import { type AgentAccess, validationFailed } from '../../common/index.js';
import { CallerAgents, ConcernsAgents, getCaller } from '../../http/access/index.js';
import { ApiController } from '../../http/controllers/index.js';
import { getRawRequest, type HttpRequest, remark } from '../../http/exchange/index.js';
import { AcceptsNdjson, getBodyStream, isNdjson, NDJSON, passNdjson } from '../../http/ndjson/index.js';
import { ApiProblems, BODY_PROBLEMS, toLoggedProblem } from '../../http/problems/index.js';
import { BatchQueryDto } from '../requests/batch-query.dto.js';
import { AdversarialTestItemDto, CustodyTestItemDto } from '../requests/test-result-item.dto.js';
import { AgentMetricsService } from '../write/agent-metrics.service.js';
import { BATCH_MAX, type ItemOutcome } from '../write/result-batch.js';
import type { BatchOptions } from '../write/write-options.js';
import { BatchRecordedDto, ItemOutcomeDto } from './dto/batch.dto.js';
import { recordLines } from './result-stream.js';
import { RequestPipe } from '../../http/validation/index.js';

/** Results of tests of any agents. Its route is registered before routes with an agent type. */
@ApiController('agent-metrics', 'Agents')
@ApiExtraModels(CustodyTestItemDto, AdversarialTestItemDto, ItemOutcomeDto)
export class ResultsController implements OnModuleInit {
  private readonly logger = new Logger(ResultsController.name);

  constructor(
    private readonly service: AgentMetricsService,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    passNdjson(this.adapterHost);
  }

  /**
   * Record results in a batch
   *
   * @remarks Records the results of tests of any agents: a JSON array of up to 1,000 results, or newline-delimited JSON of any
   * length, one result a line. Each result has its own `id`, its idempotency key: a batch that is sent again changes nothing.
   * Each result is recorded or refused independently, unless `atomic` is `true`. The response contains the outcome of each
   * result in the order of the request; for newline-delimited JSON it is streamed as such, one outcome a line. If the database
   * fails, the stream ends with a line `{"status": "stopped", "problem": …}`; send the same lines again.
   */
  @Post('results')
  @HttpCode(HttpStatus.OK)
  @ConcernsAgents('visible')
  @AcceptsNdjson()
  @ApiBody({
    schema: {
      type: 'array',
      minItems: 1,
      maxItems: BATCH_MAX,
      items: { anyOf: [{ $ref: getSchemaPath(CustodyTestItemDto) }, { $ref: getSchemaPath(AdversarialTestItemDto) }] },
    },
  })
  @ApiOkResponse({ type: BatchRecordedDto, description: 'The outcome of each result. Recorded results are committed.' })
  @ApiProblems(
    ...BODY_PROBLEMS,
    'cross_site_request',
    'idempotency_key_reused',
    'rule_violated',
    'write_conflict',
    'overloaded',
  )
  async recordResults(
    @Req() request: HttpRequest,
    @Query(RequestPipe) { atomic }: BatchQueryDto,
    @CallerAgents() access: AgentAccess,
  ): Promise<BatchRecordedDto | StreamableFile> {
    const options: BatchOptions = { actor: getCaller(request)?.name, atomic: atomic === 'true', access };
    if (request.headers['idempotency-key'] !== undefined) {
      const detail = 'cannot be used here: each result has its own id';
      throw validationFailed([{ field: 'Idempotency-Key', detail }]);
    }
    return isNdjson(request) ? this.streamOutcomes(request, options) : this.recordArray(request, options);
  }

  private async recordArray(request: HttpRequest, options: BatchOptions): Promise<BatchRecordedDto> {
    if (!Array.isArray(request.body)) {
      throw validationFailed([{ field: 'body', detail: 'must be a JSON array of results' }]);
    }
    const outcomes = await this.service.recordResults(request.body, options);
    const counts = countOutcomes(outcomes);
    remark(getRawRequest(request), { result: 'batch', ...counts });
    return { status: 'success', ...counts, results: outcomes.map((outcome) => this.toDto(outcome, request)) };
  }

  private streamOutcomes(request: HttpRequest, options: BatchOptions): StreamableFile {
    if (options.atomic === true) {
      throw validationFailed([{ field: 'atomic', detail: 'must be left out for newline-delimited JSON' }]);
    }
    const toLine = (outcome: ItemOutcome) => this.toDto(outcome, request);
    const toProblem = (error: unknown) => toLoggedProblem(request, error, this.logger);
    const lines = recordLines(getBodyStream(request), this.service, options, {
      toLine,
      toProblem,
      onEnd: (counts) => {
        remark(getRawRequest(request), { result: 'batch', ...counts });
      },
    });
    return new StreamableFile(Readable.from(lines, { objectMode: false }), { type: NDJSON });
  }

  private toDto(outcome: ItemOutcome, request: HttpRequest): ItemOutcomeDto {
    const { index, id, agent_type, status } = outcome;
    const head = { index, id, agent_type, status };
    return outcome.status === 'refused'
      ? { ...head, problem: toLoggedProblem(request, outcome.error, this.logger) }
      : { ...head, version: outcome.change.version };
  }
}

function countOutcomes(outcomes: readonly ItemOutcome[]): Pick<BatchRecordedDto, 'recorded' | 'replayed' | 'refused'> {
  const counts = { recorded: 0, replayed: 0, refused: 0 };
  for (const { status } of outcomes) counts[status]++;
  return counts;
}
