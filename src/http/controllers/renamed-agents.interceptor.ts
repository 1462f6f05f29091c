import {
  type CallHandler,
  type ExecutionContext,
  HttpStatus,
  Inject,
  Injectable,
  type NestInterceptor,
  Optional,
} from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { catchError, from, type Observable } from 'rxjs';
import { agentForbidden, DomainError } from '../../common/index.js';
import { getCallerAgents } from '../access/index.js';
import type { HttpRequest, HttpResponse } from '../exchange/index.js';
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
 * name is looked up only if the agent is not found.
 */
@Injectable()
export class RenamedAgentsInterceptor implements NestInterceptor {
  constructor(@Optional() @Inject(ALIAS_SOURCE) private readonly aliases: AliasSource | null) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(catchError((error: unknown) => from(this.handle(error, context))));
  }

  private async handle(error: unknown, context: ExecutionContext): Promise<undefined> {
    const request = context.switchToHttp().getRequest<HttpRequest>();
    if (!(error instanceof DomainError)) throw error;
    if (error.code === 'agent_renamed') {
      assertMayKnow(request, error.options.extensions?.['agent_type']);
      throw error;
    }
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (error.code !== 'agent_not_found' || !isRead || !this.aliases) throw error;
    const named = findNamedAgent(request, Reflect.getMetadata(PATH_METADATA, context.getHandler()));
    if (!named) throw error;
    const current = (await this.aliases.findAliases([named.agentType])).get(named.agentType);
    if (current === undefined) throw error;
    assertMayKnow(request, current);
    const response = context.switchToHttp().getResponse<HttpResponse>();
    response.header('location', replaceAgent(request.originalUrl, named, current));
    response.status(HttpStatus.PERMANENT_REDIRECT);
    return undefined;
  }
}

/** @throws DomainError `agent_forbidden` if the caller may not access the agent under its current name */
function assertMayKnow(request: HttpRequest, agentType: unknown): void {
  if (!getCallerAgents(request).mayAccess(agentType as string)) throw agentForbidden();
}
