import { describe, expect, it } from '@jest/globals';
import { RouteConfig } from '@nestjs/platform-fastify';
import { getRouteAccess, Public, RequiresScope } from './access.decorator.js';

/** A handler with this decorator. */
function decorate(decorator?: MethodDecorator): object {
  const handler = (): null => null;
  decorator?.(handler, 'handler', { value: handler });
  return handler;
}
/** Metadata as adapters read it. */
const metadataOf = (handler: object): Map<unknown, unknown> =>
  new Map(Reflect.getMetadataKeys(handler).map((key) => [key, Reflect.getMetadata(key, handler) as unknown]));

describe('the access of a route', () => {
  it('is found by guards', () => {
    const routes = [decorate(RequiresScope('admin')), decorate(Public()), decorate()];
    expect(routes.map((handler) => getRouteAccess(handler))).toEqual(['admin', 'public', undefined]);
  });

  it('is found by hooks of Fastify, like that of RouteConfig', () => {
    const configured = [...metadataOf(decorate(RouteConfig({ access: 'admin' })))];
    expect(configured).toHaveLength(1);
    expect([...metadataOf(decorate(RequiresScope('admin')))]).toEqual(expect.arrayContaining(configured));
  });
});
