import { applyDecorators, UseFilters, UseGuards } from '@nestjs/common';
import { ApiExtraModels, ApiForbiddenResponse, getSchemaPath } from '@nestjs/swagger';
import { DomainProblemFilter } from '../http/problems/index.js';
import { type AgentTypeSource, REQUIRED_GATES, type RequiredGate, CustodyGuard } from './custody.guard.js';
import { RequirementsUnmetProblemDto } from './api/dto/requirements-unmet-problem.dto.js';
import type { Gate } from './rules/eligibility.js';

/**
 * Restricts a route, or all routes of a controller, to agents that can pass the gate now. The response is 403 with the
 * unmet requirements, 404 if the agent does not exist, and 503 while the database is unavailable. Several decorators are
 * combined with AND. The module must import CustodyModule.
 *
 * @param gate the gate to pass
 * @param options `agentType`: the route parameter with the agent type (default: `agent_type`), or a function that reads it
 *   from the request, whose body is not validated yet
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
    addRequiredGate({ gate, agentType }),
    UseGuards(CustodyGuard),
    UseFilters(DomainProblemFilter),
    ApiExtraModels(RequirementsUnmetProblemDto),
    ApiForbiddenResponse({
      description: 'The agent cannot pass the gate. `requirements` lists the unmet requirements.',
      content: { 'application/problem+json': { schema: { $ref: getSchemaPath(RequirementsUnmetProblemDto) } } },
    }),
  );
}

/** Appends to existing metadata, so that a second decorator does not replace the first. */
function addRequiredGate(gate: RequiredGate): MethodDecorator & ClassDecorator {
  return (target: object, _key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    const subject = (descriptor?.value as object | undefined) ?? target;
    const gates = (Reflect.getOwnMetadata(REQUIRED_GATES, subject) ?? []) as RequiredGate[];
    Reflect.defineMetadata(REQUIRED_GATES, [...gates, gate], subject);
  };
}
