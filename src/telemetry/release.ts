import { existsSync, readFileSync } from 'node:fs';
import { parseJson } from '../common/index.js';

/** Version of the running release, from package.json. */
export const RELEASE = (parseJson(readFileSync(manifest(), 'utf8')) as { version: string }).version;

/** Finds the nearest package.json in the parent folders. Its distance differs between src and dist. */
function manifest(): URL {
  let file = new URL('package.json', import.meta.url);
  while (!existsSync(file)) {
    const above = new URL('../package.json', file);
    if (above.href === file.href) throw new Error('The package.json of the service is missing.');
    file = above;
  }
  return file;
}
