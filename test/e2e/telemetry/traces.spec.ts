import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createCustodyTest } from '../../factories/custody-test.factory.js';
import { startService } from '../../support/service-process.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { type CollectedSpan, type Collector, startCollector } from '../support/collector.js';
import { metricsOf } from '../support/metrics.js';
import { agentPath } from '../support/paths.js';
import { sent } from '../support/read.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const SERVER_KIND = 2;
const ERROR = 2;

let collector: Collector;
beforeEach(async () => {
  collector = await startCollector();
});
afterEach(() => collector.close());

/** The spans of what the application did meanwhile; it is stopped for that, which sends the last ones. */
async function traced(
  work: (app: TestApp) => Promise<unknown>,
  variables: Record<string, string> = {},
): Promise<CollectedSpan[]> {
  const app = await startTestApp({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, ...variables });
  try {
    await work(app);
  } finally {
    await app.close();
  }
  return collector.spans;
}

const below = (spans: readonly CollectedSpan[], parent: CollectedSpan | undefined) =>
  spans.filter(({ parentSpanId }) => parentSpanId === parent?.spanId);
const named = (spans: readonly CollectedSpan[], name: string) => spans.filter((span) => span.name === name);

describe('traces', () => {
  it('show a write from the request to each statement, below the span that sent it', async () => {
    const headers = { traceparent: `00-${TRACE}-${CALLER}-01`, 'x-request-id': 'r-1' };
    const spans = await traced(async (app) => {
      const { status } = await app.send('POST', agentPath('guardian', 'custody-test'), createCustodyTest(), headers);
      expect(status).toBe(200);
    });
    const [request] = below(spans, { spanId: CALLER } as CollectedSpan);
    expect(request).toMatchObject({
      traceId: TRACE,
      name: 'POST /api/agent-metrics/:agent_type/custody-test',
      kind: SERVER_KIND,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/api/agent-metrics/:agent_type/custody-test',
        'http.response.status_code': 200,
        'lvlup.request_id': 'r-1',
        'lvlup.result': 'recorded',
        'lvlup.agent_type': 'guardian',
      },
      resource: { 'service.name': 'lvlup-agent-metrics', 'service.version': expect.any(String) },
    });
    const [submission] = below(spans, request);
    const [round] = below(spans, submission);
    const [transaction] = below(spans, round);
    expect([submission, round, transaction].map((span) => span?.name)).toEqual([
      'group commit',
      'round',
      'transaction',
    ]);
    expect(transaction?.attributes).toEqual({
      'lvlup.transaction.attempt': 1,
      'lvlup.transaction.outcome': 'committed',
    });
    const statements = below(spans, transaction).map(({ name }) => name);
    expect(statements.sort()).toEqual(['begin', 'commit', 'lock', 'set', 'update']);
    for (const span of spans.filter(({ traceId }) => traceId === TRACE)) {
      expect(BigInt(span.startTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(request?.startTimeUnixNano ?? 0));
      expect(BigInt(span.endTimeUnixNano)).toBeLessThanOrEqual(BigInt(request?.endTimeUnixNano ?? 0));
    }
  });

  it('link the writes of a round with it, in any trace', async () => {
    const spans = await traced(async (app) => {
      await app.database.query('BEGIN');
      await app.database.query(`SELECT FROM agent_metrics WHERE agent_type = 'guardian' FOR UPDATE`);
      const answers = [app.send('POST', agentPath('guardian', 'custody-xp'), { amount: 1 })];
      const used = 'lvlup_database_pool_connections{state="used"}';
      while (((await metricsOf(app)).get(used) ?? 0) < 1) await new Promise((done) => setTimeout(done, 5));
      for (let write = 0; write < 3; write++)
        answers.push(sent(app, 'POST', agentPath('guardian', 'custody-xp'), { amount: 1 }));
      while (((await metricsOf(app)).get('lvlup_group_commit_queue_length') ?? 0) < 3) {
        await new Promise((done) => setTimeout(done, 5));
      }
      await app.database.query('COMMIT');
      await Promise.all(answers);
    });
    const [round] = named(spans, 'round').filter(({ attributes }) => attributes['lvlup.round.writes'] === 3);
    const submissions = named(spans, 'group commit');
    const [first] = submissions.filter(({ spanId }) => spanId === round?.parentSpanId);
    expect(round?.traceId).toBe(first?.traceId);
    expect(round?.links).toHaveLength(2);
    for (const { spanId } of round?.links ?? []) {
      const [other] = submissions.filter((submission) => submission.spanId === spanId);
      expect(other?.traceId).not.toBe(round?.traceId);
      expect(other?.links).toEqual([expect.objectContaining({ traceId: round?.traceId, spanId: round?.spanId })]);
    }
    expect(new Set(submissions.map(({ traceId }) => traceId)).size).toBe(4);
  });

  it('show reads, refusals and failures, and no probes', async () => {
    const spans = await traced(async (app) => {
      await sent(app, 'GET', agentPath('guardian'));
      await app.send('GET', '/nowhere');
      await app.send('GET', '/health/ready');
      await app.database.query('ALTER TABLE agent_metrics RENAME TO away');
      await app.send('GET', agentPath('sandbox'));
      await app.database.query('ALTER TABLE away RENAME TO agent_metrics');
    });
    const [read, failed] = named(spans, 'GET /api/agent-metrics/:agent_type');
    expect(below(spans, read).map(({ name }) => name)).toEqual(['select']);
    expect(failed).toMatchObject({ status: { code: ERROR }, attributes: { 'lvlup.result': 'internal_error' } });
    expect(below(spans, failed)).toMatchObject([{ name: 'select', status: { code: ERROR } }]);
    expect(named(spans, 'GET')).toMatchObject([{ attributes: { 'lvlup.result': 'route_not_found' } }]);
    expect(spans.filter(({ parentSpanId }) => !parentSpanId)).toHaveLength(3);
  });

  it('follow the sampling decision of the client, otherwise the configured ratio', async () => {
    const spans = await traced(
      async (app) => {
        await sent(app, 'POST', agentPath('guardian', 'custody-xp'), { amount: 1 });
        await app.send('GET', agentPath('guardian'), undefined, { traceparent: `00-${TRACE}-${CALLER}-01` });
        await app.send('GET', agentPath('sandbox'), undefined, {
          traceparent: `00-${TRACE.replace('4', '5')}-${CALLER}-00`,
        });
      },
      { OTEL_TRACES_SAMPLER_ARG: '0' },
    );
    expect(spans.map(({ traceId, name }) => [traceId, name]).sort()).toEqual([
      [TRACE, 'GET /api/agent-metrics/:agent_type'],
      [TRACE, 'select'],
    ]);
  });

  it.each([
    [
      'refuses',
      () => {
        collector.answer(500);
        return Promise.resolve();
      },
    ],
    ['is away', () => collector.close()],
  ])('have no effect on requests if the collector %s', async (_, fail) => {
    await traced(async (app) => {
      await fail();
      await sent(app, 'POST', agentPath('guardian', 'custody-xp'), { amount: 1 });
      expect((await app.send('GET', agentPath('guardian'))).status).toBe(200);
    });
    expect(collector.spans).toEqual([]);
  });
});

describe('the packages of OpenTelemetry', () => {
  const NODE_OPTIONS = `--require=${resolve('test/support/print-loaded-modules.cjs')}`;
  const loadedBy = async (variables: Record<string, string>) => {
    const app = await startTestApp();
    try {
      const service = await startService({ DATABASE_URL: app.database.url, NODE_OPTIONS, ...variables });
      await fetch(`${service.url}${agentPath('guardian')}`);
      await service.end('SIGTERM');
      const [, packages] = /loaded packages: (.*)/.exec(service.output()) ?? [];
      return packages?.split(' ') ?? [];
    } finally {
      await app.close();
    }
  };

  it.each([
    // prom-client loads the API for itself, which does nothing without an SDK.
    ['metrics', {}, ['@opentelemetry/api']],
    ['nothing', { METRICS: 'off' }, []],
  ])('are not loaded by a service without a collector, with %s', async (_, variables, loaded) => {
    const packages = await loadedBy(variables);
    expect(packages).toContain('fastify');
    expect(packages.filter((name) => name.startsWith('@opentelemetry/'))).toEqual(loaded);
  });

  it('are loaded by one with a collector, and flushed at its end', async () => {
    const packages = await loadedBy({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint });
    expect(packages).toEqual(
      expect.arrayContaining(['@opentelemetry/sdk-trace', '@opentelemetry/exporter-trace-otlp-http']),
    );
    expect(named(collector.spans, 'GET /api/agent-metrics/:agent_type')).toHaveLength(1);
  });
});
