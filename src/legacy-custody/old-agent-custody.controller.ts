import { Controller, Get, HttpCode, HttpStatus, Post, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { acknowledge, ApiWrite, WriteHeaders, type WriteOptions } from '../agent-metrics/index.js';
import { RequiresScope } from '../http/access/index.js';
import { AgentTypeParam, ApiAgentType } from '../http/parameters/index.js';
import { ApiProblems } from '../http/problems/index.js';
import { Clock } from '../common/index.js';
import { CustodyService } from '../custody/index.js';
import { OldDifficultyDto, OldEligibilityDto, OldResetDto, OldTestStatusDto } from './dto/old-agent.dto.js';
import * as old from './old-answers.js';
import { AI_TYPE, DEPRECATION_HEADERS as headers, SupersededBy } from './superseded-by.decorator.js';

/** The old backend's views of one agent, in its envelope. */
@ApiTags('Custody, old backend')
@Controller('api/custody')
export class OldAgentCustodyController {
  constructor(
    private readonly custody: CustodyService,
    private readonly clock: Clock,
  ) {}

  /**
   * How an agent's tests went (old backend)
   *
   * @remarks Superseded by `GET /api/custody/agents/{agent_type}`; the history is at `GET /api/agent-metrics/{agent_type}/custody`.
   * @deprecated
   */
  @Get('test/:ai_type/status')
  @SupersededBy('/api/custody/agents/{agent_type}')
  @ApiAgentType(AI_TYPE)
  @ApiOkResponse({ type: OldTestStatusDto, description: "The agent's tests.", headers })
  @ApiProblems('validation_failed', 'agent_not_found')
  async oldTestStatus(@AgentTypeParam(AI_TYPE) agentType: string): Promise<OldTestStatusDto> {
    return this.answer(old.oldTestStatus(await this.custody.getTestedAgentCustody(agentType)));
  }

  /**
   * Whether an agent may propose work and level up (old backend)
   *
   * @remarks Superseded by `GET /api/custody/agents/{agent_type}/eligibility`.
   * @deprecated
   */
  @Get('eligibility/:ai_type')
  @SupersededBy('/api/custody/agents/{agent_type}/eligibility')
  @ApiAgentType(AI_TYPE)
  @ApiOkResponse({ type: OldEligibilityDto, description: "The agent's eligibility.", headers })
  @ApiProblems('validation_failed', 'agent_not_found')
  async oldEligibility(@AgentTypeParam(AI_TYPE) agentType: string): Promise<OldEligibilityDto> {
    return this.answer(old.oldEligibility(await this.custody.getAgentCustody(agentType)));
  }

  /**
   * How hard an agent's tests are (old backend)
   *
   * @remarks Superseded by `GET /api/custody/agents/{agent_type}/difficulty`.
   * @deprecated
   */
  @Get('difficulty/:ai_type')
  @SupersededBy('/api/custody/agents/{agent_type}/difficulty')
  @ApiAgentType(AI_TYPE)
  @ApiOkResponse({ type: OldDifficultyDto, description: "The agent's difficulty.", headers })
  @ApiProblems('validation_failed', 'agent_not_found')
  async oldDifficulty(@AgentTypeParam(AI_TYPE) agentType: string): Promise<OldDifficultyDto> {
    return this.answer(old.oldDifficulty(agentType, await this.custody.getDifficulty(agentType)));
  }

  /**
   * Reset an agent's custody (old backend)
   *
   * @remarks Superseded by `DELETE /api/custody/agents/{agent_type}/reset`, which does the same: the custody fields only.
   * @deprecated
   */
  @Post('test/:ai_type/reset')
  @RequiresScope('admin')
  @HttpCode(HttpStatus.OK)
  @SupersededBy('/api/custody/agents/{agent_type}/reset')
  @ApiAgentType(AI_TYPE)
  @ApiWrite({ type: OldResetDto, ok: "The agent's custody was reset.", problems: ['agent_not_found'], headers })
  async oldReset(
    @AgentTypeParam(AI_TYPE) agentType: string,
    @WriteHeaders() options: WriteOptions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OldResetDto> {
    const change = await this.custody.reset(agentType, options);
    return this.answer(old.oldReset(acknowledge(reply, change)));
  }

  private answer<Data>(data: Data): ReturnType<typeof old.answerOf<Data>> {
    return old.answerOf(data, this.clock.now());
  }
}
