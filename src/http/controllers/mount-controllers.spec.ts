import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Get } from '@nestjs/common';
import { ApiController } from './api-controller.decorator.js';
import { getApiRoot } from './api-root.js';
import { mountControllers } from './mount-controllers.js';

@ApiController('things', 'Things')
class ThingsController {
  @Get()
  list(): string[] {
    return [];
  }
}
const mount = (prefix: string) => {
  const [controller] = mountControllers(prefix, [ThingsController]);
  if (!controller) throw new Error('one controller');
  return controller;
};
const pathOf = (prefix: string) => Reflect.getMetadata('path', mount(prefix)) as string;

describe('mountControllers', () => {
  it.each([
    ['api', 'api/things'],
    ['/api/', 'api/things'],
    ['', 'things'],
    ['/', 'things'],
    ['internal/scores', 'internal/scores/things'],
  ])('with the prefix "%s" sets the path %s', (prefix, path) => {
    expect(pathOf(prefix)).toBe(path);
  });

  it('returns the controllers themselves for the default prefix, and a named subclass for others', () => {
    expect(mount('api')).toBe(ThingsController);
    const mounted = mount('internal/scores');
    expect([mounted.name, mount('').name]).toEqual(['InternalScoresThingsController', 'RootThingsController']);
    expect(mounted.prototype).toBeInstanceOf(ThingsController);
    expect(pathOf('api')).toBe('api/things');
  });

  it('can mount a mounted controller', () => {
    const [again] = mountControllers('again', [mount('internal/scores')]);
    expect(Reflect.getMetadata('path', again ?? Object)).toBe('again/things');
  });

  it.each([':id', 'a//b', 'a b', 'a/*', '{a}'])('refuses the prefix %s', (prefix) => {
    expect(() => mount(prefix)).toThrow('must be segments');
  });

  it('refuses other controllers', () => {
    expect(() => mountControllers('other', [Object])).toThrow('@ApiController');
  });
});

describe('getApiRoot', () => {
  it.each([
    ['api', '/api/things?x=/v1/api/things', '/api'],
    ['api', '/v1/api/things/1', '/v1/api'],
    ['api', 'http://host.example/v1/api/things/1', '/v1/api'],
    ['api', '/things/1', '/api'],
    ['', '/v1/things', '/v1'],
    ['', '/things/1', ''],
    ['a/b', '/v1/a/b/things', '/v1/a/b'],
  ])('under the prefix "%s" of %s is "%s"', (prefix, originalUrl, root) => {
    expect(getApiRoot({ originalUrl }, mount(prefix))).toBe(root);
  });
});
