import { type CanActivate, type ExecutionContext, Inject, Injectable, Optional } from '@nestjs/common';
import { getCallerAgents, getRouteAccess, getRouteAgents, setCaller } from '../http/access/index.js';
import type { HttpRequest } from '../http/exchange/index.js';
import { ACCESS_POLICY, type AccessPolicy, ALLOWED_ORIGINS } from './access-policy.js';
import { assertAgents, assertScope } from './access-rules.js';
import { Callers } from './callers.js';
import { parseCredential } from './credential.js';
import { isCrossSiteWrite } from './cross-site.js';
import { crossSiteRequest } from './errors.js';

const REMEDY = 'To allow it, add the origin to the allowed origins; behind a proxy, let the platform trust the proxy.';

const NO_POLICY =
  'The REST API needs an access policy. Set the option access of AgentMetricsModule: "host" (the guards of the host decide), ' +
  '"keys" (API keys and tokens with scopes) or "open" (every request is allowed, except writes by pages of other origins).';

/** Access control of the controllers, by ACCESS_POLICY. Follows the rules of the application's hooks. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly policy: AccessPolicy;

  constructor(
    @Inject(ACCESS_POLICY) policy: AccessPolicy | null,
    @Optional() @Inject(ALLOWED_ORIGINS) private readonly allowedOrigins: readonly string[] = [],
    @Optional() @Inject(Callers) private readonly callers?: Callers,
  ) {
    if (policy === null || !['host', 'open', 'keys'].includes(policy)) throw new Error(NO_POLICY);
    if (policy === 'keys' && !callers) throw new Error('the access policy "keys" requires AuthModule');
    this.policy = policy;
  }

  /** @throws DomainError if the request is not allowed; never returns false */
  canActivate(context: ExecutionContext): true | Promise<true> {
    switch (this.policy) {
      case 'host':
        return limitAgents(context);
      case 'open':
        this.refuseCrossSite(context.switchToHttp().getRequest<HttpRequest>());
        return limitAgents(context);
      case 'keys':
        return this.requireScope(context);
    }
  }

  private refuseCrossSite(request: HttpRequest): void {
    if (isCrossSiteWrite(request, this.allowedOrigins)) throw crossSiteRequest(REMEDY);
  }

  private async requireScope(context: ExecutionContext): Promise<true> {
    const access = getRouteAccess(context.getHandler());
    if (access === 'public') return true;
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const credential = parseCredential(request.headers);
    const caller = credential === null ? null : ((await this.callers?.identify(credential)) ?? null);
    setCaller(request, caller);
    assertScope(request, caller, access);
    return limitAgents(context);
  }
}

/** The caller's agents apply under every policy: a host can set them too. */
function limitAgents(context: ExecutionContext): true {
  const request = context.switchToHttp().getRequest<HttpRequest>();
  assertAgents(getCallerAgents(request), request.params, getRouteAgents(context.getHandler()));
  return true;
}
