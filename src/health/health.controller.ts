import { applyDecorators, Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiOkResponse, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../http/access/index.js';
import { ApiProblemsOnly } from '../http/problems/index.js';
import { HealthService } from './health.service.js';
import { LiveDto, ReadyDto, UnreadyDto } from './health.dto.js';

/** Opens a route to everyone, and documents that it answers with the readiness. */
const ReadinessRoute = (): MethodDecorator =>
  applyDecorators(
    Public(),
    ApiOkResponse({ type: ReadyDto, description: 'It can.' }),
    ApiProblemsOnly('malformed_request'),
    ApiServiceUnavailableResponse({ type: UnreadyDto, description: "It can't, for the reason given." }),
  );

@ApiTags('Health')
@Controller()
export class HealthController {
  constructor(private readonly health: HealthService) {}

  /**
   * Whether the process is alive
   *
   * @remarks Doesn't touch the database.
   */
  @Get('health/live')
  @Public()
  @ApiOkResponse({ type: LiveDto, description: 'It is.' })
  @ApiProblemsOnly('malformed_request')
  live(): LiveDto {
    return { status: 'alive' };
  }

  /**
   * Whether the service can serve
   *
   * @remarks Asks the database whether it takes writes, and whether its schema is the one that this release needs.
   */
  @Get('health/ready')
  @ReadinessRoute()
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadyDto | UnreadyDto> {
    const answer = await this.health.ready();
    void reply.status(answer.status === 'healthy' ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    return answer;
  }

  /**
   * Whether the service can serve (old backend)
   *
   * @remarks As `/health/ready`.
   */
  @Get('health')
  @ReadinessRoute()
  async oldHealth(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadyDto | UnreadyDto> {
    return this.ready(reply);
  }

  /**
   * Whether the service can serve (old backend, below /api)
   *
   * @remarks As `/health/ready`.
   */
  @Get('api/health')
  @ReadinessRoute()
  async oldApiHealth(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadyDto | UnreadyDto> {
    return this.ready(reply);
  }
}
