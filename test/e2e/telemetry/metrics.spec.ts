import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AgentMetricsService } from '../../../src/agent-metrics/write/agent-metrics.service.js';
import { ConcurrentChangeError } from '../../../src/database/errors/concurrent-change.error.js';
import { TransactionRunner } from '../../../src/database/transactions/transaction-runner.js';
import { createCustodyTest } from '../../factories/custody-test.factory.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { growth, metricsOf } from '../support/metrics.js';
import { agentPath, AGENTS } from '../support/paths.js';
import { expectProblem } from '../support/problem.js';
import { sendRaw } from '../support/raw-socket.js';
import { sent } from '../support/read.js';

const COUNT = 'lvlup_http_request_duration_seconds_count';
const request = (method: string, route: string, status: number | 'aborted') =>
  `${COUNT}{method="${method}",route="${route}",status="${status}"}`;
const transactions = (outcome: string) => `lvlup_transaction_duration_seconds_count{outcome="${outcome}"}`;
const CUSTODY_TEST = '/api/agent-metrics/:agent_type/custody-test';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

describe('/metrics', () => {
  it('has the text format of Prometheus', async () => {
    const answer = await app.send('GET', '/metrics');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.body).toMatch(/^# HELP lvlup_ledger_events_total .+\n# TYPE lvlup_ledger_events_total counter$/m);
  });

  it('counts and times requests by method, template of the route, and status', async () => {
    const grown = await growth(app, async () => {
      await sent(app, 'POST', agentPath('guardian', 'custody-test'), createCustodyTest());
      await app.send('GET', `${agentPath('nobody')}?x=1`);
      await app.send('GET', '/nowhere/at/all');
      await app.send('PATCH', AGENTS);
      await app.send('GET', `${AGENTS}/%zz`);
      await app.send('GET', agentPath('a'.repeat(700)));
      await sendRaw(app.url, `PROPFIND ${AGENTS} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    });
    expect(grown.get(request('POST', CUSTODY_TEST, 200))).toBe(1);
    expect(grown.get(request('GET', '/api/agent-metrics/:agent_type', 404))).toBe(1);
    expect(grown.get(request('GET', 'unmatched', 404))).toBe(1);
    expect(grown.get(request('PATCH', '/api/agent-metrics', 405))).toBe(1);
    expect(grown.get(request('GET', 'unmatched', 400))).toBe(1);
    expect(grown.get(request('GET', 'unmatched', 414))).toBe(1);
    expect(grown.get(request('other', '/api/agent-metrics', 405))).toBe(1);
    expect(
      grown.get(`lvlup_http_request_duration_seconds_sum{method="POST",route="${CUSTODY_TEST}",status="200"}`),
    ).toBeGreaterThan(0);
  });

  it('counts requests that clients aborted', async () => {
    const name = request('POST', CUSTODY_TEST, 'aborted');
    const { hostname, port } = new URL(app.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST ${agentPath('guardian', 'custody-test')} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{`,
      () => setTimeout(() => socket.destroy(), 50),
    );
    while (((await metricsOf(app)).get(name) ?? 0) === 0) await sleep(20);
    expect((await metricsOf(app)).get(name)).toBe(1);
  });

  it('counts results of writes, and refusals by code', async () => {
    const headers = { 'idempotency-key': 'twice' };
    const grown = await growth(app, async () => {
      for (let time = 0; time < 3; time++) {
        await app.send('POST', agentPath('guardian', 'custody-xp'), { amount: 1 }, headers);
      }
      await app.send('PUT', agentPath('guardian'), { level: 0 });
    });
    expect(grown.get('lvlup_http_results_total{result="recorded"}')).toBe(1);
    expect(grown.get('lvlup_http_results_total{result="replayed"}')).toBe(2);
    expect(grown.get('lvlup_http_results_total{result="rule_violated"}')).toBe(1);
  });

  it('counts statements by type, transactions, and committed events', async () => {
    const grown = await growth(app, () => sent(app, 'POST', agentPath('fresh', 'custody-test'), createCustodyTest()));
    const statements = (statement: string, outcome = 'ok') =>
      grown.get(`lvlup_database_statement_duration_seconds_count{statement="${statement}",outcome="${outcome}"}`);
    expect(statements('begin')).toBe(1);
    expect(statements('lock')).toBe(1);
    // The agent's row, and its two events in one statement.
    expect(statements('insert')).toBe(2);
    expect(statements('commit')).toBe(1);
    expect(statements('update')).toBeUndefined();
    expect(grown.get(transactions('committed'))).toBe(1);
    expect(grown.get('lvlup_ledger_events_total{type="created"}')).toBe(1);
    expect(grown.get('lvlup_ledger_events_total{type="custody_test"}')).toBe(1);

    const again = await growth(app, () => app.send('GET', agentPath('fresh')));
    expect(again.get('lvlup_database_statement_duration_seconds_count{statement="select",outcome="ok"}')).toBe(1);
  });

  it('counts rounds of the group commit, and the wait of their writes', async () => {
    await app.database.query('BEGIN');
    await app.database.query(`SELECT FROM agent_metrics WHERE agent_type = 'guardian' FOR UPDATE`);
    const send = () => app.send('POST', agentPath('guardian', 'custody-xp'), { amount: 1 });
    const grown = await growth(app, async () => {
      const answers = [send()];
      // The first is held up by the row's lock, and the others by the first.
      while (((await metricsOf(app)).get('lvlup_database_pool_connections{state="used"}') ?? 0) < 1) await sleep(5);
      answers.push(send(), send(), send());
      while (((await metricsOf(app)).get('lvlup_group_commit_queue_length') ?? 0) < 3) await sleep(5);
      await app.database.query('COMMIT');
      for (const { status } of await Promise.all(answers)) expect(status).toBe(200);
    });
    expect(grown.get('lvlup_group_commit_batch_size_count')).toBe(2);
    expect(grown.get('lvlup_group_commit_batch_size_sum')).toBe(4);
    expect(grown.get('lvlup_group_commit_wait_seconds_count')).toBe(4);
    expect((await metricsOf(app)).get('lvlup_group_commit_queue_length')).toBe(0);
  });

  it('counts transactions that roll back or run again, and only the committed events', async () => {
    const runner = app.app.get(TransactionRunner, { strict: false });
    const service = app.app.get(AgentMetricsService, { strict: false });
    let failures = 1;
    const grown = await growth(app, async () => {
      await runner.run(async (manager) => {
        await service.updateCustodyXp('guardian', 1, { manager });
        if (failures-- > 0) throw new ConcurrentChangeError('lost');
      });
      const lost = runner.run(async (manager) => {
        await service.updateCustodyXp('guardian', 1, { manager });
        throw new Error('no');
      });
      await expect(lost).rejects.toThrow('no');
    });
    expect(grown.get(transactions('committed'))).toBe(1);
    expect(grown.get(transactions('rolled_back'))).toBe(2);
    expect(grown.get('lvlup_transaction_retries_total')).toBe(1);
    expect(grown.get('lvlup_ledger_events_total{type="custody_xp"}')).toBe(1);
  });

  it('has the pool, the delay of the event loop, and the release', async () => {
    const metrics = await metricsOf(app);
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect(metrics.get('lvlup_database_pool_max_connections')).toBe(32);
    expect(metrics.get('lvlup_database_pool_connections{state="idle"}')).toBeGreaterThan(0);
    expect(metrics.get('lvlup_database_pool_waiting')).toBe(0);
    expect(metrics.get('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
    expect(metrics.get('process_resident_memory_bytes')).toBeGreaterThan(0);
    expect(metrics.get(`lvlup_build_info{version="${version}",node_version="${process.version}"}`)).toBe(1);
  });
});

describe('the number of series', () => {
  it('does not grow with the agents and paths of requests', async () => {
    const touch = async (number: number) => {
      await app.send('POST', agentPath(`agent-${number}`, 'learning'), {}, { 'x-request-id': `request-${number}` });
      await app.send('GET', `/nowhere-${number}/${number}?q=${number}`);
    };
    const names = async () => [...(await metricsOf(app)).keys()].filter((name) => !name.startsWith('nodejs_gc')).sort();
    await touch(0);
    await names();
    const before = await names();
    for (let first = 1; first <= 1_000; first += 100) {
      await Promise.all(Array.from({ length: 100 }, (_, index) => touch(first + index)));
    }
    expect(await names()).toEqual(before);
    expect(before.filter((name) => /agent-0|nowhere|request-0/.test(name))).toEqual([]);
  });
});

describe('METRICS=off', () => {
  it('serves none', async () => {
    const without = await startTestApp({ METRICS: 'off' });
    try {
      expectProblem(await without.send('GET', '/metrics'), 'route_not_found', '/metrics');
    } finally {
      await without.close();
    }
  });
});
