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
    void this.respond(exception, host);
  }

  private async respond(exception: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const found = await this.findLocation(exception, http.getRequest<HttpRequest>()).catch((error: unknown) => ({
      error,
    }));
    if (typeof found !== 'string') {
      super.catch(found?.error ?? exception, host);
      return;
    }
    const response = http.getResponse<HttpResponse>();
    response.header('location', found);
    response.status(HttpStatus.PERMANENT_REDIRECT);
    response.send(undefined);
  }

  /**
   * URL of the agent under its current name; null if the request is not redirected.
   *
   * @throws DomainError `agent_forbidden` if the caller may not access the agent under its current name
   */
  private async findLocation(exception: unknown, request: HttpRequest): Promise<string | null> {
    if (!(exception instanceof DomainError)) return null;
    if (exception.code === 'agent_renamed') assertMayKnow(request, exception.options.extensions?.['agent_type']);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (exception.code !== 'agent_not_found' || !isRead || !this.aliases) return null;
    const named = findNamedAgent(request, getRoutePath(request));
    if (!named) return null;
    const current = (await this.aliases.findAliases([named.agentType])).get(named.agentType);
    if (current === undefined) return null;
    assertMayKnow(request, current);
    return replaceAgent(request.originalUrl, named, current);
  }
}

function assertMayKnow(request: HttpRequest, agentType: unknown): void {
  if (!getCallerAgents(request).mayAccess(agentType as string)) throw agentForbidden();
}
