import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AgentAccess } from '../../common/index.js';
import { CallerAgents, ConcernsAgents } from '../../http/access/index.js';
import { ApiProblems } from '../../http/problems/index.js';
import { MEDIA_TYPES } from '../formats.js';
import { ExportRequestDto, toExportRequest } from './export-request.dto.js';
import { ExportService } from './export.service.js';
import { RequestPipe } from '../../http/validation/index.js';

/** The connection is closed if the client reads nothing for this time. */
const STALL_LIMIT_MS = 30_000;

const NDJSON_EXAMPLE =
  '{"agent_type":"guardian","version":1, …}\n{"export":{"of":"agents","lines":1,"sha256":"5f1c…"}}\n';

/** Export route. Must be registered before the routes with an agent type. */
@ApiTags('All agents')
@Controller('api/agent-metrics')
export class ExportController {
  constructor(private readonly exports: ExportService) {}

  /**
   * Export of all agents, or of the ledger
   *
   * @remarks A stream from one snapshot, ordered by agent type and version, without pages. If the export fails, the
   * connection is closed. The last line of NDJSON contains the number of lines before it and their SHA-256. At most two
   * exports can run concurrently. A key that is limited to some agents exports these. The CLI command `import` reads the
   * response.
   */
  @Get('export')
  @ConcernsAgents('visible')
  @ApiOkResponse({
    description: 'The export.',
    content: {
      [MEDIA_TYPES.ndjson]: { schema: { type: 'string' }, example: NDJSON_EXAMPLE },
      'text/csv': { schema: { type: 'string' }, example: 'agent_type,version,…\r\nguardian,1,…\r\n' },
    },
  })
  @ApiProblems('validation_failed', 'agent_not_found', 'overloaded')
  async export(
    @Query(RequestPipe) query: ExportRequestDto,
    @CallerAgents() access: AgentAccess,
    @Req() { method }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const request = { ...toExportRequest(query), access };
    if (request.agentType !== undefined) access.assertMayAccess(request.agentType);
    // HEAD does not run the export.
    const stream = method === 'HEAD' ? undefined : await this.exports.open(request);
    void reply.header('content-type', MEDIA_TYPES[request.format]);
    void reply.header('content-disposition', `attachment; filename="${request.of}.${request.format}"`);
    reply.raw.setTimeout(STALL_LIMIT_MS, () => {
      stream?.destroy(new Error(`the client read nothing for ${STALL_LIMIT_MS / 1_000} seconds`));
    });
    void reply.send(stream);
  }
}
