import { Controller, Param, Post } from '@nestjs/common';
import { RequiresCustody } from 'lvlup-agent-metrics';

@Controller('agents/:agent_type/proposals')
export class ProposalsController {
  /** Only agents that pass the gate are admitted; others are refused with 403 and their unmet requirements. */
  @Post()
  @RequiresCustody('propose')
  propose(@Param('agent_type') agentType: string): { proposed_by: string } {
    return { proposed_by: agentType };
  }
}
