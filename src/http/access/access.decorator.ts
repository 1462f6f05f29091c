import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension, ApiSecurity } from '@nestjs/swagger';
import type { Scope } from './caller.js';

/** Required scope of a route, or public. */
export type RouteAccess = Scope | 'public';

/** OpenAPI extension with the required scope, if it is not the default of the method. */
export const SCOPE_EXTENSION = 'x-required-scope';
/** Metadata key of the access of a route, for guards. */
const ROUTE_ACCESS = 'lvlup:route-access';
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

/** Sets the access for guards, and for hooks of Fastify, which run before guards. */
function SetAccess(access: RouteAccess): MethodDecorator {
  return applyDecorators(SetMetadata(ROUTE_ACCESS, access), SetMetadata(FASTIFY_ROUTE_CONFIG, { access }));
}

/** Access of the route of this handler; undefined: the default of its method. */
export function getRouteAccess(handler: object): RouteAccess | undefined {
  return Reflect.getMetadata(ROUTE_ACCESS, handler) as RouteAccess | undefined;
}
