import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { HttpRequest } from '../http/exchange/index.js';
import { assertAgentType } from '../http/parameters/index.js';
import { validationFailed } from '../common/index.js';
import { CustodyService } from './custody.service.js';
import type { Gate } from './rules/eligibility.js';

/** Source of the agent type: name of a route parameter, or a function of the request of Express or Fastify. */
export type AgentTypeSource = string | ReadAgentType['read'];

/** A method, so that the parameter may have the type of the platform's request. */
export interface ReadAgentType {
  /** Returns the agent type, or a promise of it. */
  read(request: HttpRequest): unknown;
}

/** A gate required by a route. */
export interface RequiredGate {
  gate: Gate;
  agentType: AgentTypeSource;
}

/** Metadata key of the required gates of a handler or controller. */
export const REQUIRED_GATES = 'custody:required-gates';

/** Allows a request if its agent can pass all required gates of the route. Set by `@RequiresCustody`. */
@Injectable()
export class CustodyGuard implements CanActivate {
  constructor(
    private readonly custody: CustodyService,
    private readonly reflector: Reflector,
  ) {}

  /** @throws DomainError if the request is not allowed; never returns false */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const gates = this.reflector.getAllAndMerge<RequiredGate[]>(REQUIRED_GATES, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (gates.length === 0) throw new Error('a route with CustodyGuard must have @RequiresCustody');
    const request = context.switchToHttp().getRequest<HttpRequest>();
    for (const { gate, agentType } of gates) {
      await this.custody.requireEligibility(gate, await readAgentType(request, agentType));
    }
    return true;
  }
}

/** Guards run before pipes, so the value is not validated yet. */
async function readAgentType(request: HttpRequest, source: AgentTypeSource): Promise<string> {
  const name = typeof source === 'string' ? source : 'agent_type';
  const found =
    typeof source === 'string' ? (request.params as Record<string, unknown>)[source] : await source(request);
  if (found === undefined && typeof source === 'string') throw new Error(`the route has no parameter ${source}`);
  if (typeof found !== 'string') throw validationFailed([{ field: name, detail: 'must name an agent' }]);
  assertAgentType(found, name);
  return found;
}
