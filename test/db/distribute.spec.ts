import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { planDistribution } from '../../src/distribution/distribution-plan.js';
import { installCitusStandIn } from '../support/citus-stand-in.js';
import { distributed } from '../support/distributed-database.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestService } from '../support/test-service.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const tables = () =>
  database.query('SELECT logicalrelid::text AS table, partkey, colocated_with::text FROM pg_dist_partition ORDER BY 1');

describe('a database is not distributed', () => {
  it('without Citus; reports the statements and the obstacle', async () => {
    const { statements, obstacle } = await distributed(database, 'asked');
    expect(statements).toEqual(planDistribution('public'));
    expect(obstacle).toMatch(/Citus is not installed.*CREATE EXTENSION citus.*Nothing was changed/);
    await expect(distributed(database)).rejects.toThrow(/Citus is not installed/);
  });

  it('by inspecting it', async () => {
    await installCitusStandIn(database);
    expect(await distributed(database, 'asked')).toMatchObject({ distributed: false, obstacle: null });
    expect(await tables()).toEqual([]);
  });

  it('without workers', async () => {
    await installCitusStandIn(database);
    await database.query("DELETE FROM pg_dist_node WHERE nodename = 'worker-1'");
    await expect(distributed(database)).rejects.toThrow(/There are no workers.*citus_add_node.*Nothing was changed/);
    expect(await tables()).toEqual([]);
    // A coordinator that is configured to hold shards is enough.
    await database.query('UPDATE pg_dist_node SET shouldhaveshards = true');
    expect(await distributed(database, 'asked')).toMatchObject({ obstacle: null });
  });

  it('while a service runs on it', async () => {
    await installCitusStandIn(database);
    const service = await startTestService({}, database);
    await expect(distributed(database)).rejects.toThrow(/The service is running.*Stop all instances/);
    await service.stop();
    expect(await tables()).toEqual([]);
  });

  it('while schema migrations are pending', async () => {
    await installCitusStandIn(database);
    await database.query(
      'DELETE FROM agent_metrics_migrations WHERE id = (SELECT max(id) FROM agent_metrics_migrations)',
    );
    await expect(distributed(database)).rejects.toThrow(/Schema migrations are pending/);
  });

  it('partially, if a statement fails', async () => {
    await installCitusStandIn(database);
    await database.query('CREATE UNIQUE INDEX one_owner ON agent_metrics (agent_id)');
    await expect(distributed(database)).rejects.toThrow('one_owner');
    expect(await tables()).toEqual([]);
    expect(await database.query("SELECT FROM pg_trigger WHERE tgname LIKE 'roll_up%'")).toHaveLength(5);
  });
});

describe('a distributed database', () => {
  it('colocates the tables of an agent, and keeps the sums over agents on the coordinator', async () => {
    await installCitusStandIn(database);
    expect(await distributed(database)).toMatchObject({ distributed: false, obstacle: null });
    const colocated = { partkey: 'agent_type', colocated_with: 'agent_metrics' };
    expect(await tables()).toEqual([
      { table: 'agent_events', ...colocated },
      { table: 'agent_metrics', partkey: 'agent_type', colocated_with: null },
      { table: 'test_rollups_by_hour', ...colocated },
      { table: 'test_rollups_by_kind', ...colocated },
    ]);
  });

  it('is not changed by another run', async () => {
    await installCitusStandIn(database);
    await distributed(database);
    expect(await distributed(database)).toEqual({ distributed: true, statements: [], obstacle: null });
  });

  it('gets its rebuild_rollups() again, if a schema migration replaced it', async () => {
    await installCitusStandIn(database);
    await distributed(database);
    await database.query(
      `CREATE OR REPLACE FUNCTION rebuild_rollups() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RETURN; END $$`,
    );
    const { statements } = await distributed(database);
    expect(statements.map(({ purpose }) => purpose)).toEqual(['function that rebuilds the rollups']);
    expect(await distributed(database)).toEqual({ distributed: true, statements: [], obstacle: null });
  });
});
