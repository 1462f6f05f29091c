import { Controller, SetMetadata, type Type } from '@nestjs/common';
import { DEFAULT_PREFIX, getMount, MOUNT, type Mount, toRoutePath } from './mount.js';

/** Path segments of literal characters. */
const PREFIX = /^(?:[\w.~-]+(?:\/[\w.~-]+)*)?$/;

/**
 * Controllers under another prefix: subclasses, so that several modules of a process can have different prefixes. With the
 * default prefix, the controllers themselves, whose operation ids do not change.
 *
 * @param prefix path segments such as `internal/scores`; slashes at the start and the end are ignored; empty: none
 * @param controllers classes with `@ApiController`
 * @throws Error if the prefix contains other characters
 */
export function mountControllers(prefix: string, controllers: readonly Type[]): Type[] {
  const segments = prefix.replace(/^\/+|\/+$/g, '');
  if (!PREFIX.test(segments)) {
    throw new Error(`the prefix ${JSON.stringify(prefix)} must be segments of letters, digits and . _ ~ -`);
  }
  if (segments === DEFAULT_PREFIX) return [...controllers];
  return controllers.map((controller) => mountController(segments, controller));
}

/**
 * Controllers of a module option: none, under the default prefix, or under another one.
 *
 * @throws Error see `mountControllers`
 */
export function mountOn(option: boolean | { prefix?: string } | undefined, controllers: readonly Type[]): Type[] {
  if (option === undefined || option === false) return [];
  return mountControllers(option === true ? DEFAULT_PREFIX : (option.prefix ?? DEFAULT_PREFIX), controllers);
}

function mountController(prefix: string, controller: Type): Type {
  const Mounted = class extends controller {};
  const mount: Mount = { prefix, path: getMount(controller).path };
  Controller(toRoutePath(mount))(Mounted);
  SetMetadata(MOUNT, mount)(Mounted);
  // Swagger derives operation ids from the name of the class by default.
  Object.defineProperty(Mounted, 'name', { value: toPascalCase(prefix || 'root') + controller.name });
  return Mounted;
}

function toPascalCase(prefix: string): string {
  return prefix
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
