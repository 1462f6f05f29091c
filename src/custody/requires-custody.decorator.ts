import { applyDecorators, UseGuards } from '@nestjs/common';
import { ApiExtraModels, ApiForbiddenResponse, getSchemaPath } from '@nestjs/swagger';
import { type AgentTypeSource, CUSTODY_DEMANDS, type CustodyDemand, CustodyGuard } from './custody.guard.js';
import { RequirementsUnmetProblemDto } from './api/dto/requirements-unmet-problem.dto.js';
import type { Gate } from './rules/eligibility.js';

/**
 * Opens a route, or all routes of a controller, only to agents that custody allows it now. Others get 403 with the
 * requirements that they don't meet; an agent that doesn't exist gets 404, and while the database is away everyone
 * gets 503. Several of them must all hold. The module must import CustodyModule.
 *
 * @param gate what the agent is about to do
 * @param options.agentType the route parameter that names the agent (`agent_type` by default), or a function that finds
 *   it in the request, whose body hasn't been validated yet
 *
 * @example
 * ```ts
 * @Post('agents/:agent_type/proposals')
 * @RequiresCustody('propose')
 * propose(@AgentTypeParam() agentType: string) { … }
 *
 * @Post('proposals')
 * @RequiresCustody('propose', { agentType: ({ body }) => (body as { author?: unknown } | undefined)?.author })
 * submit(@Body() body: ProposalDto) { … }
 * ```
 */
export function RequiresCustody(
  gate: Gate,
  { agentType = 'agent_type' }: { agentType?: AgentTypeSource } = {},
): MethodDecorator & ClassDecorator {
  return applyDecorators(
    addDemand({ gate, agentType }),
    UseGuards(CustodyGuard),
    ApiExtraModels(RequirementsUnmetProblemDto),
    ApiForbiddenResponse({
      description: "The agent doesn't meet what custody demands of it here. `requirements` says what is missing.",
      content: { 'application/problem+json': { schema: { $ref: getSchemaPath(RequirementsUnmetProblemDto) } } },
    }),
  );
}

/** Added to those that are there already: a second decorator must not open what the first has closed. */
function addDemand(demand: CustodyDemand): MethodDecorator & ClassDecorator {
  return (target: object, _key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    const subject = (descriptor?.value as object | undefined) ?? target;
    const demands = (Reflect.getOwnMetadata(CUSTODY_DEMANDS, subject) ?? []) as CustodyDemand[];
    Reflect.defineMetadata(CUSTODY_DEMANDS, [...demands, demand], subject);
  };
}
