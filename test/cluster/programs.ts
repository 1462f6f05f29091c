import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Absolute paths of what the cluster is made of. */
export interface Programs {
  haproxy: string;
  pgbouncer: string;
  initdb: string;
  postgres: string;
  pgCtl: string;
  pgBaseBackup: string;
}

const POSTGRESQL_FOLDERS = '/usr/lib/postgresql';
/** Debian has servers there, which the PATH of an ordinary user lacks. */
const MORE_FOLDERS = ['/usr/sbin', '/usr/local/sbin'];

/** Finds the programs as Debian's packages haproxy, pgbouncer and postgresql have them; or says which are missing. */
export async function findPrograms(): Promise<Programs | { missing: string[] }> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...MORE_FOLDERS];
  const serverFolders = [...(await postgresqlFolders()), ...folders];
  const found = {
    haproxy: await find('haproxy', folders),
    pgbouncer: await find('pgbouncer', folders),
    initdb: await find('initdb', serverFolders),
    postgres: await find('postgres', serverFolders),
    pgCtl: await find('pg_ctl', serverFolders),
    pgBaseBackup: await find('pg_basebackup', serverFolders),
  };
  const missing = Object.entries(found).flatMap(([name, path]) => (path === undefined ? [name] : []));
  return missing.length > 0 ? { missing } : (found as Programs);
}

/** Of all versions, the newest first. */
async function postgresqlFolders(): Promise<string[]> {
  const versions = await readdir(POSTGRESQL_FOLDERS).catch(() => []);
  return versions
    .sort((one, other) => Number(other) - Number(one))
    .map((name) => join(POSTGRESQL_FOLDERS, name, 'bin'));
}

async function find(program: string, folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, program);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}
