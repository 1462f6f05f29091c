import { Controller, Get, Req } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ConcernsAgents, getCallerAgents } from '../http/access/index.js';
import { ApiProblems } from '../http/problems/index.js';
import { CallerResponseDto } from './dto/caller.dto.js';

/** What the sender of a request may do. */
@ApiTags('All agents')
@Controller('api/caller')
export class CallerController {
  /**
   * Read the scope of the caller
   *
   * @remarks Name, scope and agents of the key or token that was sent, so that a client can offer only what it may do.
   */
  @Get()
  @ConcernsAgents('none')
  @ApiOkResponse({ type: CallerResponseDto, description: 'The caller.' })
  @ApiProblems()
  getCaller(@Req() request: FastifyRequest): CallerResponseDto {
    const { caller } = request;
    const { isLimited, agentTypes, prefixes } = getCallerAgents(request);
    return {
      status: 'success',
      caller: {
        name: caller?.name ?? null,
        scope: caller?.scope ?? 'admin',
        agents: isLimited ? [...agentTypes, ...prefixes.map((prefix) => `${prefix}*`)] : null,
      },
    };
  }
}
