import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiOkResponse, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../common/access.decorator.js';
import { ApiProblemsOnly } from '../common/api-problems.decorator.js';
import { HealthService } from './health.service.js';
import { LiveDto, ReadyDto, UnreadyDto } from './health.dto.js';

@ApiTags('Health')
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  /**
   * Whether the process is alive
   *
   * @remarks Doesn't touch the database.
   */
  @Get('live')
  @Public()
  @ApiOkResponse({ type: LiveDto, description: 'It is.' })
  @ApiProblemsOnly('malformed_request')
  live(): LiveDto {
    return { status: 'alive' };
  }

  /**
   * Whether the service can serve
   *
   * @remarks Asks the database, and whether its schema is the one that this release needs.
   */
  @Get('ready')
  @Public()
  @ApiOkResponse({ type: ReadyDto, description: 'It can.' })
  @ApiProblemsOnly('malformed_request')
  @ApiServiceUnavailableResponse({ type: UnreadyDto, description: "It can't, for the reason given." })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadyDto | UnreadyDto> {
    const answer = await this.health.ready();
    void reply.status(answer.status === 'healthy' ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    return answer;
  }
}
