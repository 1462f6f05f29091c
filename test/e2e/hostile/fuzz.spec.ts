import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { agentPath, AGENTS } from '../support/paths.js';
import { expectProblem, STATUS_OF, type Code } from '../support/problem.js';
import { stored } from '../support/read.js';
import { WRONG } from '../support/wrong-values.js';
import { WRITE_ROUTES } from '../support/write-routes.js';

const SEED = 20_250_125;
const REQUESTS = 300;
const AGENT_TYPES = [
  'guardian',
  'sandbox',
  'newcomer',
  'constructor',
  'leaderboard-2',
  'a b',
  '__proto__',
  'analytics',
];

/** A value as JSON text: anything that JSON has, and all that is wrong for some field. */
const valueText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...new Set(Object.values(WRONG).flat())) },
  { weight: 2, arbitrary: fc.json({ stringUnit: 'binary' }) },
  { weight: 2, arbitrary: fc.double().map(String) },
  { weight: 2, arbitrary: fc.integer().map(String) },
);

/** A body that is right but for some fields, or one that is no such thing. */
const request = fc.constantFrom(...WRITE_ROUTES).chain((route) =>
  fc.record({
    method: fc.constant(route.method),
    path: fc.constantFrom(...AGENT_TYPES).map(route.path),
    text: fc.oneof(
      {
        weight: 6,
        arbitrary: fc
          .dictionary(
            fc.oneof(
              { weight: 9, arbitrary: fc.constantFrom(...Object.keys(route.fields)) },
              fc.constantFrom('__proto__', 'constructor', 'toString', 'id', 'version'),
              fc.string({ unit: 'binary' }),
            ),
            valueText,
            { maxKeys: 3 },
          )
          .map((changes) => bodyText(route.body, changes)),
      },
      { weight: 1, arbitrary: fc.json() },
      { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
      { weight: 1, arbitrary: fc.nat(400).map((length) => JSON.stringify(route.body).slice(0, length)) },
    ),
  }),
);

function bodyText(body: object, changes: Record<string, string>): string {
  const texts = { ...Object.fromEntries(Object.entries(body).map(([key, value]) => [key, JSON.stringify(value)])) };
  const entries = [
    ...Object.entries(texts).filter(([key]) => !Object.hasOwn(changes, key)),
    ...Object.entries(changes),
  ];
  return `{${entries.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(',')}}`;
}

describe('random requests', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it('are never a 5xx, change nothing if refused, and keep every agent readable if accepted', async () => {
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(request, async ({ method, path, text }) => {
        const before = await stored(app);
        const answer = await app.send(method, path, text);
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        if (answer.status < 300) {
          await expectSound();
          return;
        }
        const { code } = answer.body as { code: Code };
        expect(STATUS_OF[code]).toBeLessThan(500);
        expectProblem(answer, code, path);
        expect(await stored(app)).toEqual(before);
      }),
      { seed: SEED, numRuns: REQUESTS },
    );
    // Both sides were tried, or the test would prove nothing.
    expect(statuses.get(200)).toBeGreaterThan(20);
    expect(statuses.get(400)).toBeGreaterThan(50);
  }, 120_000);

  /** Expects that all agents can be read, and that each says as a client sees it what its row says. */
  async function expectSound(): Promise<void> {
    const { rows } = await stored(app);
    expect((await app.send('GET', AGENTS)).body).toMatchObject({ total_agents: rows.length });
    for (const row of rows) {
      const { total_tests_given, total_tests_passed, total_tests_failed } = row as Record<string, number>;
      expect(total_tests_given).toBe(Number(total_tests_passed) + Number(total_tests_failed));
      const { status, body } = await app.send('GET', agentPath(row['agent_type'] as string));
      expect(status).toBe(200);
      const { ledger_hash, ...columns } = row;
      expect(ledger_hash).toBeInstanceOf(Buffer);
      expect((body as { metrics: object }).metrics).toMatchObject(JSON.parse(JSON.stringify(columns)) as object);
    }
  }
});
