import { existsSync, readFileSync } from 'node:fs';
import { parseJson } from '../common/index.js';

/** The release that runs, as package.json has it. */
export const RELEASE = (parseJson(readFileSync(manifest(), 'utf8')) as { version: string }).version;

/** The nearest package.json above: built, this file is a folder deeper than its source. */
function manifest(): URL {
  let file = new URL('package.json', import.meta.url);
  while (!existsSync(file)) {
    const above = new URL('../package.json', file);
    if (above.href === file.href) throw new Error('The package.json of the service is missing.');
    file = above;
  }
  return file;
}
