import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExtension, ApiSecurity } from '@nestjs/swagger';
import type { Scope } from './caller.js';

/** OpenAPI extension with the required scope, if it is not the default of the method. */
export const SCOPE_EXTENSION = 'x-required-scope';

/** Sets the required scope of the route. Default: `read` for GET, `write` otherwise. */
export function RequiresScope(scope: Scope): MethodDecorator {
  return applyDecorators(RouteConfig({ access: scope }), ApiExtension(SCOPE_EXTENSION, scope));
}

/** Allows the route without a key. */
export function Public(): MethodDecorator {
  // An empty requirement: no scheme is needed.
  return applyDecorators(RouteConfig({ access: 'public' }), ApiSecurity({}));
}
