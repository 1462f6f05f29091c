import { applyDecorators, Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiOkResponse, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../http/access/index.js';
import { ApiProblemsOnly } from '../http/problems/index.js';
import { HealthService } from './health.service.js';
import { LiveDto, ReadyDto, UnreadyDto } from './health.dto.js';

/** Makes a readiness route public and documents its responses. */
const ReadinessRoute = (): MethodDecorator =>
  applyDecorators(
    Public(),
    ApiOkResponse({ type: ReadyDto, description: 'The service is ready.' }),
    ApiProblemsOnly('malformed_request'),
    ApiServiceUnavailableResponse({ type: UnreadyDto, description: 'The service is not ready. `reason` states why.' }),
  );

@ApiTags('Health')
@Controller()
export class HealthController {
  constructor(private readonly health: HealthService) {}

  /**
   * Check liveness
   *
   * @remarks Returns 200 while the process runs. Does not access the database.
   */
  @Get('health/live')
  @Public()
  @ApiOkResponse({ type: LiveDto, description: 'The process is alive.' })
  @ApiProblemsOnly('malformed_request')
  live(): LiveDto {
    return { status: 'alive' };
  }

  /**
   * Check readiness
   *
   * @remarks Checks that the database accepts writes and that no schema migration is pending. The database must respond
   * within 2 seconds.
   */
  @Get('health/ready')
  @ReadinessRoute()
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadyDto | UnreadyDto> {
    const readiness = await this.health.ready();
    void reply.status(readiness.status === 'healthy' ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    return readiness;
  }

  /**
   * Check readiness (old backend)
   *
   * @remarks Same as `/health/ready`.
   */
  @Get('health')
  @ReadinessRoute()
  async oldHealth(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadyDto | UnreadyDto> {
    return this.ready(reply);
  }

  /**
   * Check readiness (old backend, below /api)
   *
   * @remarks Same as `/health/ready`.
   */
  @Get('api/health')
  @ReadinessRoute()
  async oldApiHealth(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadyDto | UnreadyDto> {
    return this.ready(reply);
  }
}
