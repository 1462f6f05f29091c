import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiProblems } from '../../http/problems/index.js';
import { MetricsReader } from './metrics-reader.js';

@ApiTags('Health')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly reader: MetricsReader) {}

  /**
   * Get metrics for Prometheus
   *
   * @remarks Not available if METRICS is off.
   */
  @Get()
  @ApiOkResponse({
    description: 'Metrics in the Prometheus text format.',
    content: { 'text/plain': { schema: { type: 'string', example: 'lvlup_group_commit_queue_length 0' } } },
  })
  @ApiProblems()
  async metrics(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.header('content-type', this.reader.contentType);
    return this.reader.read();
  }
}
