import { Get, HttpCode, HttpStatus, Post, Res } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { acknowledge, ApiWrite, WriteHeaders, type WriteOptions } from '../agent-metrics/index.js';
import { RequiresScope } from '../http/access/index.js';
import { ApiController } from '../http/controllers/index.js';
import type { HttpResponse } from '../http/exchange/index.js';
import { AgentTypeParam, ApiAgentType } from '../http/parameters/index.js';
import { ApiProblems } from '../http/problems/index.js';
import { Clock } from '../common/index.js';
import { CustodyService } from '../custody/index.js';
import { OldDifficultyDto, OldEligibilityDto, OldResetDto, OldTestStatusDto } from './dto/agent.dto.js';
import * as responses from './responses.js';
import { AI_TYPE, DEPRECATION_HEADERS as headers, SupersededBy } from './superseded-by.decorator.js';

/** The old backend's routes about one agent. */
@ApiController('custody', 'Custody, old backend')
export class LegacyAgentCustodyController {
  constructor(
    private readonly custody: CustodyService,
    private readonly clock: Clock,
  ) {}

  /**
   * Test status of an agent (old backend)
   *
   * @remarks Superseded by `GET /api/custody/agents/{agent_type}`; the history is at `GET /api/agent-metrics/{agent_type}/custody`.
   * @deprecated
   */
  @Get('test/:ai_type/status')
  @SupersededBy('/custody/agents/{agent_type}')
  @ApiAgentType(AI_TYPE)
  @ApiOkResponse({ type: OldTestStatusDto, description: 'The test status of the agent.', headers })
  @ApiProblems('validation_failed', 'agent_not_found')
  async oldTestStatus(@AgentTypeParam(AI_TYPE) agentType: string): Promise<OldTestStatusDto> {
    return this.respond(responses.toTestStatusData(await this.custody.getTestedAgentCustody(agentType)));
  }

  /**
   * Eligibility of an agent to propose work and to level up (old backend)
   *
   * @remarks Superseded by `GET /api/custody/agents/{agent_type}/eligibility`.
   * @deprecated
   */
  @Get('eligibility/:ai_type')
  @SupersededBy('/custody/agents/{agent_type}/eligibility')
  @ApiAgentType(AI_TYPE)
  @ApiOkResponse({ type: OldEligibilityDto, description: "The agent's eligibility.", headers })
  @ApiProblems('validation_failed', 'agent_not_found')
  async oldEligibility(@AgentTypeParam(AI_TYPE) agentType: string): Promise<OldEligibilityDto> {
    return this.respond(responses.toEligibilityData(await this.custody.getAgentCustody(agentType)));
  }

  /**
   * Difficulty of an agent's tests (old backend)
   *
   * @remarks Superseded by `GET /api/custody/agents/{agent_type}/difficulty`.
   * @deprecated
   */
  @Get('difficulty/:ai_type')
  @SupersededBy('/custody/agents/{agent_type}/difficulty')
  @ApiAgentType(AI_TYPE)
  @ApiOkResponse({ type: OldDifficultyDto, description: "The agent's difficulty.", headers })
  @ApiProblems('validation_failed', 'agent_not_found')
  async oldDifficulty(@AgentTypeParam(AI_TYPE) agentType: string): Promise<OldDifficultyDto> {
    return this.respond(responses.toDifficultyData(agentType, await this.custody.getDifficulty(agentType)));
  }

  /**
   * Reset an agent's custody (old backend)
   *
   * @remarks Superseded by `DELETE /api/custody/agents/{agent_type}/reset`, which also resets only the custody fields.
   * @deprecated
   */
  @Post('test/:ai_type/reset')
  @RequiresScope('admin')
  @HttpCode(HttpStatus.OK)
  @SupersededBy('/custody/agents/{agent_type}/reset')
  @ApiAgentType(AI_TYPE)
  @ApiWrite({ type: OldResetDto, ok: "The agent's custody was reset.", problems: ['agent_not_found'], headers })
  async oldReset(
    @AgentTypeParam(AI_TYPE) agentType: string,
    @WriteHeaders() options: WriteOptions,
    @Res({ passthrough: true }) reply: HttpResponse,
  ): Promise<OldResetDto> {
    const change = await this.custody.reset(agentType, options);
    return this.respond(responses.toResetData(acknowledge(reply, change)));
  }

  private respond<Data>(data: Data): ReturnType<typeof responses.toEnvelope<Data>> {
    return responses.toEnvelope(data, this.clock.now());
  }
}
