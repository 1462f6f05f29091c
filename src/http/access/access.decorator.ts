import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension, ApiSecurity } from '@nestjs/swagger';
import type { Scope } from './caller.js';

/** OpenAPI extension with the required scope, if it is not the default of the method. */
export const SCOPE_EXTENSION = 'x-required-scope';

/** Metadata key of `RouteConfig` of @nestjs/platform-fastify, which hosts on Express do not install. */
export const ROUTE_CONFIG = '__fastify_route_config__';

/** Sets the required scope of the route. Default: `read` for GET, `write` otherwise. */
export function RequiresScope(scope: Scope): MethodDecorator {
  return applyDecorators(SetMetadata(ROUTE_CONFIG, { access: scope }), ApiExtension(SCOPE_EXTENSION, scope));
}

/** Allows the route without a key. */
export function Public(): MethodDecorator {
  // An empty requirement: no scheme is needed.
  return applyDecorators(SetMetadata(ROUTE_CONFIG, { access: 'public' }), ApiSecurity({}));
}
