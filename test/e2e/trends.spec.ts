import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAdversarialTest } from '../factories/adversarial-test.factory.js';
import { createCustodyTest, createFailedCustodyTest } from '../factories/custody-test.factory.js';
import { stopClock } from '../support/stopped-clock.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath, AGENTS, ANALYTICS, custodyPath } from './support/paths.js';
import { type Json, sent } from './support/read.js';

const TRENDS = `${AGENTS}/trends`;
const NOW = '2026-03-01T10:20:30.400Z';
const NONE = {
  tests: 0,
  passed: 0,
  errored: 0,
  pass_rate: null,
  pass_rate_interval: null,
  average_score: null,
  average_duration: null,
};

/** Counts of judged tests, their pass rate, and its 95 % interval, computed elsewhere to 4 digits. */
const judged = (tests: number, passed: number, [low, high]: [low: number, high: number]) => ({
  tests,
  passed,
  errored: 0,
  pass_rate: passed / tests,
  pass_rate_interval: { low: expect.closeTo(low, 4), high: expect.closeTo(high, 4) },
});
const ONE_OF_ONE = judged(1, 1, [0.2065, 1]);

describe('trends', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
    stopClock(app.app, new Date(NOW));
    for (const [agent, test] of [
      ['guardian', createCustodyTest({ score: 90, duration: 10, timestamp: '2026-03-01T09:59:59.999Z' })],
      ['guardian', createFailedCustodyTest({ score: 41, duration: 21, timestamp: '2026-03-01T09:00:00Z' })],
      ['guardian', createCustodyTest({ score: 80, duration: 30, category: 'code_quality' })],
      ['sandbox', createCustodyTest({ score: 70.5, duration: 0.5, timestamp: '2026-02-28T23:59:59+00:00' })],
      // A day before in UTC.
      ['sandbox', createCustodyTest({ score: 60, duration: 40, timestamp: '2026-02-28T00:30:00+01:00' })],
      [
        'sandbox',
        createCustodyTest({ score: 50, duration: 40, timestamp: '2025-12-31T00:00:00Z', difficulty: 'expert' }),
      ],
    ] as const) {
      await sent(app, 'POST', agentPath(agent, 'custody-test'), test);
    }
    const adversarial = createAdversarialTest({ score: 30, timestamp: '2026-03-01T09:30:00Z' });
    await sent(app, 'POST', agentPath('sandbox', 'adversarial-test'), adversarial);
  });
  afterAll(() => app.close());

  const trendsOf = async (path: string): Promise<Json[]> => {
    const { body } = await sent(app, 'GET', path);
    return (body as { trends: Json[] }).trends;
  };

  it('of an agent have all hours, with and without tests', async () => {
    const { status, body } = await app.send(
      'GET',
      agentPath('guardian', 'trends?bucket=hour&from=2026-03-01T08:15:00Z'),
    );
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'success',
      agent_type: 'guardian',
      bucket: 'hour',
      from: '2026-03-01T08:00:00.000Z',
      to: '2026-03-01T11:00:00.000Z',
      trends: [
        { starts_at: '2026-03-01T08:00:00.000Z', ...NONE },
        {
          starts_at: '2026-03-01T09:00:00.000Z',
          ...judged(2, 1, [0.0945, 0.9055]),
          average_score: 65.5,
          average_duration: 15.5,
        },
        {
          starts_at: '2026-03-01T10:00:00.000Z',
          ...ONE_OF_ONE,
          average_score: 80,
          average_duration: 30,
        },
      ],
      timestamp: NOW,
    });
  });

  it('of all agents have days in UTC', async () => {
    const { body } = await sent(app, 'GET', `${TRENDS}?bucket=day&from=2026-02-27T00:00:00Z&to=2026-03-02T00:00:00Z`);
    expect(body).toEqual({
      status: 'success',
      bucket: 'day',
      from: '2026-02-27T00:00:00.000Z',
      to: '2026-03-02T00:00:00.000Z',
      trends: [
        {
          starts_at: '2026-02-27T00:00:00.000Z',
          ...ONE_OF_ONE,
          average_score: 60,
          average_duration: 40,
        },
        {
          starts_at: '2026-02-28T00:00:00.000Z',
          ...ONE_OF_ONE,
          average_score: 70.5,
          average_duration: 0.5,
        },
        {
          starts_at: '2026-03-01T00:00:00.000Z',
          ...judged(4, 2, [0.15, 0.85]),
          average_score: (90 + 41 + 80 + 30) / 4,
          // The adversarial test has none.
          average_duration: (10 + 21 + 30) / 3,
        },
      ],
      timestamp: NOW,
    });
  });

  it.each([
    ['30 days', '', 30],
    ['30 days', '?bucket=day', 30],
    ['48 hours', '?bucket=hour', 48],
  ])('are of %s by default (%j), up to now', async (_range, query, length) => {
    const trends = await trendsOf(`${TRENDS}${query}`);
    expect(trends).toHaveLength(length);
    expect(trends.at(-1)?.['tests']).toBeGreaterThan(0);
    expect(trends.reduce((sum, { tests }) => sum + Number(tests), 0)).toBe(6);
  });

  it.each([
    ['1970', 'from=1970-01-01T00:00:00Z&to=1970-01-02T00:00:00Z', 1],
    ['the last year that there is', 'from=9999-12-30T00:00:00Z&to=9999-12-31T23:59:59Z', 2],
    ['1,000 days', 'from=2026-01-01T00:00:00Z&to=2028-09-27T00:00:00Z', 1_000],
  ])('can be requested in %s', async (_case, query, length) => {
    expect(await trendsOf(`${TRENDS}?${query}`)).toHaveLength(length);
  });

  it.each(['from=9999-12-31T12:00:00Z&to=9999-12-31T23:59:59.999Z', 'bucket=hour&to=9999-12-31T23:59:00Z'])(
    'never name a year of five digits: ?%s',
    async (query) => {
      const { status, body } = await app.send('GET', `${TRENDS}?${query}`);
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toMatch(/\+0?10000/);
      expect(body).toMatchObject({ to: '9999-12-31T23:59:59.999Z' });
    },
  );

  it.each([
    ['from=9999-12-31T23:59:59-01:00', 'from', 'from 1970 to 9999'],
    ['to=9999-12-31T23:59:59-01:00', 'to', 'from 1970 to 9999'],
    ['bucket=week', 'bucket', 'must be one of the following values: hour, day'],
    ['bucket=', 'bucket', 'must be one of'],
    ['from=yesterday', 'from', 'must be an ISO 8601 time'],
    ['to=2026-02-30T00:00:00Z', 'to', 'must be an ISO 8601 time'],
    ['from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z', 'from', 'must be before `to`'],
    ['from=2020-01-01T00:00:00Z', 'from', 'must be at most 1,000 days before the end; it is 2,252'],
    ['limit=3', 'limit', 'is not a field of this request'],
  ])('are refused for ?%s', async (query, field, detail) => {
    for (const path of [TRENDS, agentPath('guardian', 'trends')]) {
      const { status, body } = await app.send('GET', `${path}?${query}`);
      expect(status).toBe(400);
      expect(body).toMatchObject({
        code: 'validation_failed',
        errors: [{ field, detail: expect.stringContaining(detail) }],
      });
    }
  });

  it('are 404 for an agent that does not exist', async () => {
    for (const below of ['trends', 'analytics']) {
      const { status, body } = await app.send('GET', agentPath('nobody', below));
      expect(status).toBe(404);
      expect(body).toMatchObject({ code: 'agent_not_found' });
    }
  });

  it('agree with the analytics of an agent, by category and difficulty', async () => {
    const { body } = await sent(app, 'GET', agentPath('sandbox', 'analytics'));
    expect(body).toEqual({
      status: 'success',
      agent_type: 'sandbox',
      test_performance: {
        ...judged(4, 3, [0.3006, 0.9544]),
        average_score: (70.5 + 60 + 50 + 30) / 4,
        average_duration: (0.5 + 40 + 40) / 3,
        by_category: { uncategorized: expect.objectContaining({ tests: 4 }) },
        by_difficulty: {
          basic: {
            ...judged(3, 2, [0.2077, 0.9385]),
            average_score: (70.5 + 60 + 30) / 3,
            average_duration: 20.25,
          },
          expert: { ...ONE_OF_ONE, average_score: 50, average_duration: 40 },
        },
      },
      timestamp: NOW,
    });
  });

  it('agree with the analytics of all agents', async () => {
    const { body } = await sent(app, 'GET', ANALYTICS);
    expect((body as { analytics: Json }).analytics['test_performance']).toMatchObject({
      tests: 7,
      passed: 5,
      by_category: { code_quality: { tests: 1, average_score: 80 }, uncategorized: { tests: 6 } },
      by_difficulty: { basic: { tests: 6 }, expert: { tests: 1 } },
    });
  });

  it('keep the tests before a reset, full or of custody', async () => {
    const before = await trendsOf(agentPath('guardian', 'trends'));
    await sent(app, 'DELETE', custodyPath('guardian', 'reset'));
    await sent(app, 'DELETE', agentPath('guardian', 'reset'));
    expect(await trendsOf(agentPath('guardian', 'trends'))).toEqual(before);
  });
});
