/** Prefix of the paths, unless `mountControllers` sets another one. */
export const DEFAULT_PREFIX = 'api';

/** Place of a controller. */
export interface Mount {
  /** Path segments before the path; empty: none. */
  prefix: string;
  path: string;
}

/** Metadata key of the Mount of a controller. */
export const MOUNT = 'lvlup:mount';

export function getMount(controller: object): Mount {
  const mount = Reflect.getMetadata(MOUNT, controller) as Mount | undefined;
  if (!mount) throw new Error('the controller has no @ApiController');
  return mount;
}

/** Path of the controller in the router, without a leading slash. */
export function toRoutePath({ prefix, path }: Mount): string {
  return prefix === '' ? path : `${prefix}/${path}`;
}
