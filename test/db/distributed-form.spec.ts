import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AgentDocuments } from '../../src/agent-metrics/read/agent-documents.js';
import { AgentMetricsRepository } from '../../src/agent-metrics/store/agent-metrics.repository.js';
import { AgentStatements } from '../../src/agent-metrics/store/agent-statements.js';
import { loadSettings } from '../../src/config/settings.js';
import { rebuild } from '../../src/verification/rebuild.js';
import { verify } from '../../src/verification/verify.js';
import { anyCommand, commandSequence } from '../factories/command.arbitrary.js';
import { createDistributedDatabase } from '../support/distributed-database.js';
import { rollupsOf } from '../support/rollups.js';
import { sendCommand } from '../support/send-command.js';
import type { TestDatabase } from '../support/test-database.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { exported, imported } from '../support/transfer.js';
import { CITUS, SINGLE_SERVER, type StorageForm } from '../../src/database/storage/index.js';

const AGENTS = ['guardian', 'sandbox', 'newcomer'];
const NOW = new Date('2026-03-01T10:20:30.400Z');
const PASSED = { passed: true, score: 90.25, duration: 60.5 };
const SETTINGS = loadSettings({});

let single: TestService;
let database: TestDatabase;
let distributed: TestService;
/** A second instance on the distributed database, which does not wait long. */
let other: TestService;
beforeAll(async () => {
  single = await startTestService();
  database = await createDistributedDatabase();
  distributed = await startTestService({}, database);
  other = await startTestService({ LOCK_TIMEOUT: '0.1' }, database);
});
afterAll(async () => {
  for (const service of [other, distributed, single]) await service.close();
  await database.drop();
});

const differences = async (service = distributed) => (await verify(service.dataSource)).named;
const rounds = fc.array(
  fc.array(fc.record({ agentType: fc.constantFrom(...AGENTS), command: anyCommand }), { minLength: 1, maxLength: 12 }),
  { minLength: 1, maxLength: 4 },
);

describe('in the distributed form the service', () => {
  it('keeps the same rollups as triggers do, whatever the commands', async () => {
    for (const service of [single, distributed]) service.setClock(NOW);
    await fc.assert(
      fc.asyncProperty(rounds, async (sequence) => {
        for (const round of sequence) {
          for (const { service } of [single, distributed]) {
            await Promise.allSettled(round.map(({ agentType, command }) => sendCommand(service, agentType, command)));
          }
        }
        expect(await rollupsOf(database)).toEqual(await rollupsOf(single.database));
      }),
      { numRuns: 15 },
    );
    expect(await database.query("SELECT FROM pg_trigger WHERE tgname LIKE 'roll_up%'")).toEqual([]);
    expect(await differences()).toEqual([]);
  });

  it('keeps rollups that a rebuild does not change', async () => {
    const kept = await rollupsOf(database);
    await database.query('SELECT rebuild_rollups()');
    expect(await rollupsOf(database)).toEqual(kept);
  });

  it('rebuilds rollups without simple CASE expressions, of which Citus loses the constants', async () => {
    const definitions = await database.query<{ name: string; definition: string }>(`
      SELECT proname AS name, pg_get_functiondef(pg_proc.oid) AS definition FROM pg_proc
       WHERE pronamespace = 'public'::regnamespace AND prorettype <> 'trigger'::regtype AND prosrc LIKE '%INSERT INTO%rollups%'
       UNION ALL SELECT viewname, definition FROM pg_views WHERE schemaname = 'public' ORDER BY name`);
    expect(definitions.map(({ name }) => name)).toEqual(['agent_tests', 'ledger_events', 'rebuild_rollups']);
    for (const { definition } of definitions) expect(definition).not.toMatch(/\bCASE\b(?!\s+WHEN\b)/);
  });

  it('locks agents by their names, also one that is yet to come', async () => {
    const repository = distributed.dataSource.manager;
    const agents = new AgentMetricsRepository(SETTINGS, CITUS);
    expect(new AgentStatements(CITUS).lock).not.toContain('FOR UPDATE');
    await repository.transaction(async (manager) => {
      await agents.lock(manager, ['sandbox', 'unborn', 'guardian'], []);
      for (const agentType of ['guardian', 'unborn']) {
        await expect(other.service.updateCustodyTestResult(agentType, PASSED)).rejects.toMatchObject({
          code: 'write_conflict',
        });
      }
      await other.service.updateCustodyTestResult('conquest', PASSED);
    });
    await other.service.updateCustodyTestResult('unborn', PASSED);
  });

  it('loses nothing when instances write to the same agents', async () => {
    const before = (await distributed.service.getAgentMetrics('guardian')).version;
    const third = await startTestService({}, database);
    try {
      const sent = Array.from({ length: 60 }, (_, count) => {
        const { service } = count % 2 === 0 ? distributed : third;
        return service.bulkUpdateMetrics(
          Object.fromEntries((count % 3 === 0 ? AGENTS : AGENTS.toReversed()).map((agent) => [agent, { xp: count }])),
        );
      });
      await Promise.all(sent);
    } finally {
      await third.stop();
    }
    expect((await distributed.service.getAgentMetrics('guardian')).version).toBe(before + 60);
    expect(await differences()).toEqual([]);
  });

  it('records results of agents on other workers while one worker is unavailable', async () => {
    // A trigger that fails like the connection of the coordinator to a worker.
    const loseWorker = `
      CREATE FUNCTION lose_worker() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE 'connection to the remote node worker-1:5432 failed' USING ERRCODE = 'connection_failure'; END $$;
      CREATE TRIGGER lose_worker BEFORE INSERT ON agent_events FOR EACH ROW
        WHEN (NEW.agent_type IN ('guardian', 'sandbox')) EXECUTE FUNCTION lose_worker()`;
    const agents = ['guardian', 'newcomer', 'sandbox', 'conquest', 'newcomer'];
    const recorded = async ({ service, database: rows }: TestService): Promise<unknown[]> => {
      await rows.query(loseWorker);
      const outcomes = await service.recordResults(
        agents.map((agent_type, index) => ({ id: `${agent_type} ${index}`, agent_type, ...PASSED })),
      );
      await rows.query('DROP FUNCTION lose_worker CASCADE');
      return outcomes.map((outcome) => (outcome.status === 'refused' ? outcome.error.code : outcome.agent_type));
    };
    const failed = 'database_unavailable';
    expect(await recorded(distributed)).toEqual([failed, 'newcomer', failed, 'conquest', 'newcomer']);
    expect(await recorded(single)).toEqual(agents.map(() => failed));
    expect(await differences()).toEqual([]);
  });

  it('lets the server plan each statement for the agents it is about', async () => {
    await database.query(`
      CREATE TABLE plan_modes (mode text);
      CREATE FUNCTION note_plan_mode() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO plan_modes VALUES (current_setting('plan_cache_mode')); RETURN NULL; END $$;
      CREATE TRIGGER note AFTER UPDATE ON agent_rollups EXECUTE FUNCTION note_plan_mode()`);
    await distributed.service.updateCustodyXp('guardian', 1);
    expect(await database.query('SELECT DISTINCT mode FROM plan_modes')).toEqual([{ mode: 'auto' }]);
    await database.query('DROP FUNCTION note_plan_mode CASCADE');
  });

  it('shows agents and ranks as on a single server', async () => {
    const inForm = (form: StorageForm) => new AgentDocuments(distributed.transactions, form);
    for (const read of ['getMetrics', 'getCustodyMetrics'] as const) {
      const [one, another] = await Promise.all([
        inForm(SINGLE_SERVER)[read]('guardian'),
        inForm(CITUS)[read]('guardian'),
      ]);
      const metricsOf = ({ json }: typeof one): unknown => JSON.parse(json.toString());
      expect(metricsOf(another)).toEqual(metricsOf(one));
      const versionOf = ({ tag }: typeof one) => tag.split('-')[0];
      expect(versionOf(another)).toBe(versionOf(one));
    }
    const { items } = await distributed.custody.getLeaderboard({ limit: 3 });
    const scores = items.map(({ learning_score, custody_xp, win_rate }) =>
      JSON.stringify([learning_score, custody_xp, win_rate]),
    );
    expect(items.map(({ rank }) => rank)).toEqual(scores.map((one) => scores.indexOf(one) + 1));
    // A judged test puts the agent on the leaderboard, whatever the commands subtracted before.
    await distributed.service.updateCustodyTestResult('guardian', PASSED);
    const period = await distributed.custody.getLeaderboard({ period: 'month', include_inactive: true });
    expect(period.items.map(({ agent_type }) => agent_type)).toContain('guardian');
  });

  it('brings back an agent whose row was deleted by hand, counted once', async () => {
    await database.query("DELETE FROM agent_metrics WHERE agent_type = 'guardian'");
    await distributed.service.updateCustodyTestResult('guardian', PASSED);
    expect(await differences()).toEqual([]);
  });

  it('counts a row that was inserted by hand with its first event', async () => {
    await database.query("INSERT INTO agent_metrics (agent_id, agent_type, xp) VALUES ('a', 'by-hand', 7)");
    await distributed.service.updateCustodyXp('by-hand', 5);
    expect(await differences()).toEqual([]);
  });

  it('has rows and rollups made anew from the ledger', async () => {
    await database.query("UPDATE agent_metrics SET xp = xp + 5 WHERE agent_type = 'sandbox'");
    await database.query("UPDATE test_rollups_by_hour SET tests = tests + 7 WHERE agent_type = 'guardian'");
    await database.query('UPDATE agent_rollups SET xp = xp + 7 WHERE slot = 0');
    await rebuild(distributed.dataSource, SETTINGS, { dryRun: false, onDifference: () => undefined });
    expect(await differences()).toEqual([]);
  });

  it('imports what was exported from a single server, in parts or at once', async () => {
    await fc.assert(
      fc.asyncProperty(commandSequence, async (commands) => {
        for (const [index, command] of commands.entries()) {
          await sendCommand(single.service, `moved.${index % 3}`, command).catch(() => undefined);
        }
      }),
      { numRuns: 2 },
    );
    const events = await exported(single, { of: 'events', format: 'ndjson' });
    for (const stagedAtOnce of [5, undefined]) {
      const target = await createDistributedDatabase();
      const service = await startTestService({}, target);
      try {
        const report = await imported(service, events, { ...(stagedAtOnce && { stagedAtOnce }), skipInvalid: true });
        expect(report.agents).toBeGreaterThan(3);
        expect(await differences(service)).toEqual([]);
        await service.service.updateCustodyTestResult('guardian', PASSED);
        await imported(service, JSON.stringify({ guardian: { xp: 6_000 }, 'from elsewhere': { custody_xp: 350 } }));
        expect(await differences(service)).toEqual([]);
      } finally {
        await service.close();
        await target.drop();
      }
    }
  });
});

/** Citus requires of an UPDATE the same as PostgreSQL of an index. */
it('the list of an agent is appended to by immutable functions alone', async () => {
  const lists = /test_history = (CASE[\s\S]*?END)/.exec(new AgentStatements(CITUS).append);
  const expression = lists?.[1]?.replaceAll('agent.', '').replaceAll('row.', '').replaceAll(/\$\d/g, '50') ?? '';
  expect(expression).toContain('jsonb_path_query_array');
  await single.database.query(`CREATE INDEX appended ON agent_metrics ((${expression}))`);
  await single.database.query('DROP INDEX appended');
});
