import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExtension, ApiSecurity } from '@nestjs/swagger';
import type { Scope } from './caller.js';

/** Member of an OpenAPI operation that names the scope which it needs, where that doesn't follow from its method. */
export const SCOPE_EXTENSION = 'x-required-scope';

/** The smallest scope that the route needs, where it isn't `read` for GET and `write` for the others. */
export function RequiresScope(scope: Scope): MethodDecorator {
  return applyDecorators(RouteConfig({ access: scope }), ApiExtension(SCOPE_EXTENSION, scope));
}

/** Opens the route to everyone, with or without a key. */
export function Public(): MethodDecorator {
  // An empty requirement: none of them is needed.
  return applyDecorators(RouteConfig({ access: 'public' }), ApiSecurity({}));
}
