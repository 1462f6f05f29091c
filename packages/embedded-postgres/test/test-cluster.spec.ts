import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DataSource } from 'typeorm';

import { startTestCluster } from '../src/test-cluster.js';
import { exists, waitUntilNothingRunsOn } from './support/running-processes.js';

interface Settings {
  fsync: string;
  synchronousCommit: string;
  fullPageWrites: string;
  connections: string;
  folder: string;
}

const SETTINGS_QUERY = `
  SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS "synchronousCommit",
    current_setting('full_page_writes') AS "fullPageWrites", current_setting('max_connections') AS connections,
    current_setting('data_directory') AS folder`;

describe('startTestCluster', () => {
  it.each([
    { durable: false, expected: { fsync: 'off', synchronousCommit: 'off', fullPageWrites: 'off' } },
    { durable: true, expected: { fsync: 'on', synchronousCommit: 'on', fullPageWrites: 'on' } },
  ])('starts a temporary server for pg and TypeORM: durable $durable', async ({ durable, expected }) => {
    const cluster = await startTestCluster({ durable });
    let folder: string | undefined;
    try {
      const session = new pg.Client(cluster.url);
      await session.connect();
      const { rows } = await session.query<Settings>(SETTINGS_QUERY);
      await session.end();
      expect(rows).toMatchObject([{ ...expected, connections: '200' }]);
      folder = rows[0]?.folder;

      const dataSource = await new DataSource({ type: 'postgres', url: cluster.url }).initialize();
      expect(await dataSource.query('SELECT current_database() AS name')).toEqual([{ name: 'postgres' }]);
      await dataSource.destroy();
    } finally {
      await Promise.all([cluster.stop(), cluster.stop()]);
    }
    expect(folder && (await exists(folder))).toBe(false);
    await waitUntilNothingRunsOn(String(folder));
  });
});
