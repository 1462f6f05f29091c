import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiProblems } from '../../http/problems/index.js';
import { MEDIA_TYPES } from '../formats.js';
import { ExportRequestDto, exportRequestOf } from './export-request.dto.js';
import { ExportService } from './export.service.js';

/** A client that reads nothing for so long is given up. */
const STALL_LIMIT_MS = 30_000;

const NDJSON_EXAMPLE =
  '{"agent_type":"guardian","version":1, …}\n{"export":{"of":"agents","lines":1,"sha256":"5f1c…"}}\n';

/** Takes everything out. Its path comes before those that have an agent type. */
@ApiTags('All agents')
@Controller('api/agent-metrics')
export class ExportController {
  constructor(private readonly exports: ExportService) {}

  /**
   * Export of all agents, or of the ledger
   *
   * @remarks As they are at one moment, in the order of agent type and version, as a stream: nothing is paged. What fails
   * on the way breaks the connection, so that what came so far isn't taken for all; NDJSON ends with a line that says how
   * many lines came before it, and their SHA-256. Two exports may run at a time.
   * `import` on the command line takes what this answers.
   */
  @Get('export')
  @ApiOkResponse({
    description: 'The export.',
    content: {
      [MEDIA_TYPES.ndjson]: { schema: { type: 'string' }, example: NDJSON_EXAMPLE },
      'text/csv': { schema: { type: 'string' }, example: 'agent_type,version,…\r\nguardian,1,…\r\n' },
    },
  })
  @ApiProblems('validation_failed', 'agent_not_found', 'overloaded')
  async export(
    @Query() query: ExportRequestDto,
    @Req() { method }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const request = exportRequestOf(query);
    // HEAD would read all of it to throw it away.
    const stream = method === 'HEAD' ? undefined : await this.exports.open(request);
    void reply.header('content-type', MEDIA_TYPES[request.format]);
    void reply.header('content-disposition', `attachment; filename="${request.of}.${request.format}"`);
    reply.raw.setTimeout(STALL_LIMIT_MS, () => {
      stream?.destroy(new Error(`the client read nothing for ${STALL_LIMIT_MS / 1_000} seconds`));
    });
    void reply.send(stream);
  }
}
