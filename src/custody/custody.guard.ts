import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { assertAgentType } from '../http/parameters/index.js';
import { validationFailed } from '../common/index.js';
import { CustodyService } from './custody.service.js';
import type { Gate } from './rules/eligibility.js';

/** Where a request names its agent: in a parameter of the route, or where a function finds it. */
export type AgentTypeSource = string | ((request: FastifyRequest) => unknown);

/** A gate that a route has. */
export interface CustodyDemand {
  gate: Gate;
  agentType: AgentTypeSource;
}

/** Metadata of a handler or controller: its demands. */
export const CUSTODY_DEMANDS = 'custody:demands';

/** Lets a request through when its agent meets all demands of the route. Set by `@RequiresCustody`. */
@Injectable()
export class CustodyGuard implements CanActivate {
  constructor(
    private readonly custody: CustodyService,
    private readonly reflector: Reflector,
  ) {}

  /** @throws DomainError whenever it doesn't let the request through; never returns false */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const demands = this.reflector.getAllAndMerge<CustodyDemand[]>(CUSTODY_DEMANDS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (demands.length === 0) throw new Error('a route with CustodyGuard lacks @RequiresCustody');
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    for (const { gate, agentType } of demands) {
      await this.custody.requireEligibility(gate, await agentTypeOf(request, agentType));
    }
    return true;
  }
}

/** Guards run before pipes, so what is found may be anything. */
async function agentTypeOf(request: FastifyRequest, source: AgentTypeSource): Promise<string> {
  const name = typeof source === 'string' ? source : 'agent_type';
  const found =
    typeof source === 'string' ? (request.params as Record<string, unknown>)[source] : await source(request);
  if (found === undefined && typeof source === 'string') throw new Error(`the route has no parameter ${source}`);
  if (typeof found !== 'string') throw validationFailed([{ field: name, detail: 'must name an agent' }]);
  assertAgentType(found, name);
  return found;
}
