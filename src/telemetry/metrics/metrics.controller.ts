import { Controller, Get, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiProblemsOnly } from '../../common/api-problems.decorator.js';
import { MetricRegistry } from './metric-registry.js';

@ApiTags('Health')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly registry: MetricRegistry) {}

  /**
   * The service's metrics, for Prometheus
   *
   * @remarks Not there with METRICS=off.
   */
  @Get()
  @RouteConfig({ access: 'read' })
  @ApiOkResponse({
    description: "Prometheus's text format.",
    content: { 'text/plain': { schema: { type: 'string', example: 'lvlup_group_commit_queue_length 0' } } },
  })
  @ApiProblemsOnly('malformed_request')
  async metrics(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.header('content-type', this.registry.contentType);
    return this.registry.metrics();
  }
}
