import { type ArgumentsHost, HttpStatus, Inject, Injectable, Optional } from '@nestjs/common';
import { agentForbidden, DomainError } from '../../common/index.js';
import { getCallerAgents } from '../access/index.js';
import { getRoutePath, type HttpRequest, type HttpResponse } from '../exchange/index.js';
import { ControllerProblemFilter } from '../problems/index.js';
import { findNamedAgent, replaceAgent } from './agent-in-url.js';

/** Source of current names of agents. */
export interface AliasSource {
  /** Current names of agents, by earlier names. */
  findAliases(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** Injection token of the AliasSource. Optional: without it no request is redirected. */
export const ALIAS_SOURCE = Symbol('AliasSource');

/**
 * Redirects reads of a renamed agent to its current name (308), and hides that name from callers that may not access it. The
 * name is looked up only if the agent is not found. All other errors become problem documents.
 */
@Injectable()
export class RenamedAgentsFilter extends ControllerProblemFilter {
  constructor(@Optional() @Inject(ALIAS_SOURCE) private readonly aliases: AliasSource | null) {
    super();
  }

  override catch(exception: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<HttpRequest>();
    if (!(exception instanceof DomainError)) super.catch(exception, host);
    else if (exception.code === 'agent_renamed')
      super.catch(mayKnow(request, exception.options.extensions?.['agent_type']) ? exception : agentForbidden(), host);
    else if (exception.code === 'agent_not_found' && (request.method === 'GET' || request.method === 'HEAD'))
      void this.redirect(exception, request, host);
    else super.catch(exception, host);
  }

  private async redirect(exception: DomainError, request: HttpRequest, host: ArgumentsHost): Promise<void> {
    const found = await this.findLocation(request).catch((error: unknown) => ({ error }));
    if (typeof found !== 'string') {
      super.catch(found?.error ?? exception, host);
      return;
    }
    const response = host.switchToHttp().getResponse<HttpResponse>();
    response.header('location', found);
    response.status(HttpStatus.PERMANENT_REDIRECT);
    response.send(undefined);
  }

  /**
   * URL of the agent under its current name; null if it was not renamed.
   *
   * @throws DomainError `agent_forbidden` if the caller may not access the agent under its current name
   */
  private async findLocation(request: HttpRequest): Promise<string | null> {
    const named = this.aliases && findNamedAgent(request, getRoutePath(request));
    if (!this.aliases || !named) return null;
    const current = (await this.aliases.findAliases([named.agentType])).get(named.agentType);
    if (current === undefined) return null;
    if (!mayKnow(request, current)) throw agentForbidden();
    return replaceAgent(request.originalUrl, named, current);
  }
}

/** Whether the caller may access an agent under its current name. */
function mayKnow(request: HttpRequest, agentType: unknown): boolean {
  return getCallerAgents(request).mayAccess(agentType as string);
}
