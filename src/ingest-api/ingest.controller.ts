import { Controller, HttpCode, HttpStatus, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AgentAccess } from '../common/index.js';
import { CallerAgents, ConcernsAgents, StreamsBody } from '../http/access/index.js';
import { remark } from '../http/exchange/index.js';
import { ApiProblems } from '../http/problems/index.js';
import { toReportJson } from '../ingest/index.js';
import { IngestQueryDto, toIngestRequest } from './dto/ingest-query.dto.js';
import { IngestReportDto } from './dto/ingest-report.dto.js';
import { IngestService } from './ingest.service.js';
import { RequestPipe } from '../http/validation/index.js';

/** Maximum length of each list in the response. */
const LISTED = 100;

/** Results in files of evaluation tools. */
@ApiTags('Agents')
@Controller('api/ingest')
export class IngestController {
  constructor(private readonly ingests: IngestService) {}

  /**
   * Record the results in an evaluation file
   *
   * @remarks The body is the file itself: an Inspect log, a promptfoo export, JUnit XML, or a file of lm-evaluation-harness
   * or every_eval_ever, also compressed with gzip. Its content type is ignored, except
   * `multipart/form-data`: then the file is that of the form, which must have one file and nothing else. Each case becomes a
   * custody test, whose id comes from the file: a file that is sent again, or a longer version of it, adds only what is new, and an interrupted
   * request is continued by sending it again. A file that is damaged is refused whole. A key that is limited to some agents
   * records the cases of these; the others are counted as refused. At most two ingests can run concurrently.
   */
  @Post()
  @HttpCode(HttpStatus.OK)
  @ConcernsAgents('visible')
  @StreamsBody()
  @ApiConsumes('application/octet-stream', 'application/json', 'application/x-ndjson', 'application/xml')
  @ApiBody({ description: 'The file.', schema: { type: 'string', format: 'binary' } })
  @ApiOkResponse({ type: IngestReportDto, description: 'The file was read. Recorded results are committed.' })
  @ApiProblems(
    'validation_failed',
    'evaluation_file_invalid',
    'cross_site_request',
    'payload_too_large',
    'unsupported_media_type',
    'write_conflict',
    'overloaded',
  )
  async ingestFile(
    @Query(RequestPipe) query: IngestQueryDto,
    @CallerAgents() access: AgentAccess,
    @Req() { raw, caller }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IngestReportDto> {
    try {
      const request = toIngestRequest(query);
      const report = await this.ingests.ingest({ ...request, body: raw, caller: { actor: caller?.name, access } });
      const json = toReportJson(report, LISTED);
      const { recorded, replayed, refused } = json;
      remark(raw, { result: 'ingest', recorded, replayed, refused });
      return { status: 'success', dry_run: request.isDryRun, ...json };
    } finally {
      // The rest of a body that was not read is not the next request.
      if (!raw.complete) void reply.header('connection', 'close');
    }
  }
}
