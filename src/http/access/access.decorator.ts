import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension, ApiSecurity } from '@nestjs/swagger';
import type { Scope } from './caller.js';

/** Required scope of a route, or public. */
export type RouteAccess = Scope | 'public';

/** OpenAPI extension with the required scope, if it is not the default of the method. */
export const SCOPE_EXTENSION = 'x-required-scope';
/** Metadata key of the access of a route, for guards. */
const ROUTE_ACCESS = 'lvlup:route-access';
/** Metadata key of the agents of a route, for guards. */
const ROUTE_AGENTS = 'lvlup:route-agents';
/** Metadata key of `RouteConfig` in @nestjs/platform-fastify, which is not installed on Express. */
export const FASTIFY_ROUTE_CONFIG = '__fastify_route_config__';

/** Sets the required scope of the route. Default: `read` for GET, `write` otherwise. */
export function RequiresScope(scope: Scope): MethodDecorator {
  return applyDecorators(SetAccess(scope), ApiExtension(SCOPE_EXTENSION, scope));
}

/** Allows the route without a key. */
export function Public(): MethodDecorator {
  // An empty requirement: no scheme is needed.
  return applyDecorators(SetAccess('public'), ApiSecurity({}));
}

/**
 * Agents of a route without an agent type in its path.
 *
 * - `visible`: the handler limits its reads and writes to the agents of CallerAgents.
 * - `none`: the route does not concern agents.
 */
export type RouteAgents = 'visible' | 'none';

/**
 * Declares the agents of a route without an agent type in its path. Other routes without an agent type in their paths refuse
 * callers that are limited to some agents.
 */
export function ConcernsAgents(agents: RouteAgents): MethodDecorator {
  return applyDecorators(SetMetadata(ROUTE_AGENTS, agents), ExtendRouteConfig({ agents }));
}

/** The handler reads the body of any content type itself. Only in the service, on Fastify. */
export function StreamsBody(): MethodDecorator {
  return ExtendRouteConfig({ body: 'stream' });
}

/** Sets the access for guards, and for hooks of Fastify, which run before guards. */
function SetAccess(access: RouteAccess): MethodDecorator {
  return applyDecorators(SetMetadata(ROUTE_ACCESS, access), ExtendRouteConfig({ access }));
}

/** Adds members to the route's configuration in Fastify. */
function ExtendRouteConfig(
  members: { access: RouteAccess } | { agents: RouteAgents } | { body: 'stream' },
): MethodDecorator {
  return (target, property, descriptor) => {
    const handler = descriptor.value as object;
    const config = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG, handler) as object | undefined;
    SetMetadata(FASTIFY_ROUTE_CONFIG, { ...config, ...members })(target, property, descriptor);
  };
}

/** Access of the route of this handler; undefined: the default of its method. */
export function getRouteAccess(handler: object): RouteAccess | undefined {
  return Reflect.getMetadata(ROUTE_ACCESS, handler) as RouteAccess | undefined;
}

/** Agents of the route of this handler; undefined: those in its path. */
export function getRouteAgents(handler: object): RouteAgents | undefined {
  return Reflect.getMetadata(ROUTE_AGENTS, handler) as RouteAgents | undefined;
}
