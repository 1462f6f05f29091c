import { getPath, type HttpRequest } from '../exchange/index.js';
import { getMount, toRoutePath } from './mount.js';

/**
 * Path of the API as the client sees it: a global prefix or mount point of the host, and the prefix of the controller.
 *
 * @param request request to a route of the controller
 */
export function getApiRoot(request: Pick<HttpRequest, 'originalUrl'>, controller: object): string {
  const mount = getMount(controller);
  // A request through a forward proxy has an absolute URL.
  const path = `${getPath(request).replace(/^https?:\/\/[^/]*/i, '')}/`;
  // Not found: a path of the old backend, which has no prefix.
  const start = Math.max(path.indexOf(`/${toRoutePath(mount)}/`), 0);
  return path.slice(0, start) + (mount.prefix === '' ? '' : `/${mount.prefix}`);
}
