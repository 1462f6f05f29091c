import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DataSource } from 'typeorm';
import { AgentMetricsService } from '../../../src/agent-metrics/write/agent-metrics.service.js';
import { verify } from '../../../src/verification/verify.js';
import { rollupsOf } from '../../support/rollups.js';
import { stopClock } from '../../support/stopped-clock.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import type { Json } from '../support/read.js';

const RUNS = 25;
const NOW = new Date('2026-03-01T12:00:00Z');
const PATH = '/api/agent-metrics/results';

/** Ways to send a part of the results. */
const WAYS = ['in process', 'in process, atomic', 'array', 'array, atomic', 'lines'] as const;
type Way = (typeof WAYS)[number];

interface Result {
  agent: number;
  id: number;
  fields: Json;
}

const time = fc.constantFrom(
  undefined,
  '2026-02-01T00:00:00Z',
  '2026-02-28T23:59:59.999Z',
  '2025-12-31T23:00:00+01:00',
);
const evidence = fc.constantFrom(
  undefined,
  { run_id: 'r' },
  { attempt: 2, environment: 'staging', details: { a: [1] } },
);
const score = fc.double({ min: 0, max: 100, noNaN: true });
const shared = { timestamp: time, evidence };

const fields: fc.Arbitrary<Json> = fc.oneof(
  fc.record({
    ...shared,
    passed: fc.boolean(),
    score,
    duration: fc.double({ min: 0, max: 1e4, noNaN: true }),
    category: fc.constantFrom(undefined, 'sql_injection', 'unit_tests'),
    xp_awarded: fc.constantFrom(undefined, 0, 250),
  }),
  fc.record({ ...shared, outcome: fc.constant('errored'), score: fc.constant(null), duration: fc.constant(1) }),
  fc.record({ ...shared, type: fc.constant('adversarial_test'), score, is_winner: fc.boolean() }),
  // Refused: an invalid field, and a rule.
  fc.constantFrom<Json>(
    { passed: true, score: 101, duration: 1 },
    { passed: true, score: 1, duration: 1, xp_awarded: 2e9 },
  ),
);

/** Results of several agents. Some ids occur twice, with equal or other fields. */
const results: fc.Arbitrary<Result[]> = fc.array(
  fc.record({ agent: fc.integer({ min: 0, max: 3 }), id: fc.integer({ min: 0, max: 30 }), fields }),
  { minLength: 1, maxLength: 30 },
);
/** Lengths of the parts, and how each is sent; repeated as needed. */
const cuts = fc.array(fc.record({ length: fc.integer({ min: 1, max: 9 }), way: fc.constantFrom(...WAYS) }), {
  minLength: 1,
  maxLength: 8,
});

let single: TestApp;
let batched: TestApp;
beforeAll(async () => {
  [single, batched] = await Promise.all([startTestApp(), startTestApp()]);
  stopClock(single.app, NOW);
  stopClock(batched.app, NOW);
});
afterAll(async () => {
  await single.close();
  await batched.close();
});

describe('results in batches, however they are cut', () => {
  it('leave the rows, events and rollups of single requests', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(results, cuts, fc.boolean(), async (sequence, parts, byAgent) => {
        run += 1;
        const items = sequence.map(({ agent, id, fields: rest }) => toItem(`agent-${run}-${agent}`, id, rest));
        const expected: string[] = [];
        for (const item of items) expected.push(await sendSingle(item));
        if (byAgent) {
          // The order between agents is not kept: the parts of each agent are sent at the same time as those of others.
          const agents = [...new Set(items.map(({ agent_type }) => agent_type))];
          const groups = agents.map((agent) => items.filter(({ agent_type }) => agent_type === agent));
          const sent = await Promise.all(groups.map((group) => sendParts(group, parts)));
          const ofAgents = agents.flatMap((agent) => expected.filter((_, index) => items[index]?.agent_type === agent));
          expect(sent.flat()).toEqual(ofAgents);
        } else expect(await sendParts(items, parts)).toEqual(expected);
        const pattern = `agent-${run}-%`;
        expect(await storedOf(batched, pattern)).toEqual(await storedOf(single, pattern));
      }),
      { numRuns: RUNS },
    );
    expect(await rollupsOf(batched.database)).toEqual(await rollupsOf(single.database));
    // The hash chains.
    for (const { app } of [single, batched]) {
      expect(await verify(app.get(DataSource))).toMatchObject({ differences: 0, named: [] });
    }
  });
});

type Item = Json & { id: string; agent_type: string };

function toItem(agentType: string, id: number, rest: Json): Item {
  // Of what JSON leaves out, nothing is sent in process either.
  const present = JSON.parse(JSON.stringify(rest)) as Json;
  return { id: `result-${id}`, agent_type: agentType, ...present };
}

async function sendSingle({ id, agent_type, type, ...body }: Item): Promise<string> {
  const route = type === 'adversarial_test' ? 'adversarial-test' : 'custody-test';
  const answer = await single.send('POST', `/api/agent-metrics/${agent_type}/${route}`, body, {
    'idempotency-key': id,
  });
  if (answer.status >= 300) return (answer.body as { code: string }).code;
  return answer.headers.get('idempotency-replayed') === 'true' ? 'replayed' : 'recorded';
}

/** Returns the status of each item, or the code of its problem. */
async function sendParts(items: readonly Item[], parts: readonly { length: number; way: Way }[]): Promise<string[]> {
  const found: string[] = [];
  let from = 0;
  for (let index = 0; from < items.length; index++) {
    const { length, way } = parts[index % parts.length] ?? { length: 1, way: 'array' };
    const part = items.slice(from, from + length);
    found.push(...(await sendPart(part, way)));
    from += length;
  }
  return found;
}

async function sendPart(part: Item[], way: Way): Promise<string[]> {
  const atomic = way.endsWith('atomic');
  const outcomes = way.startsWith('in process')
    ? await record(part, atomic)
    : await post(part, atomic, way === 'lines');
  // An atomic batch is refused whole: then its results are sent one by one.
  return outcomes ?? sendPart(part, 'array');
}

async function record(part: Item[], atomic: boolean): Promise<string[] | null> {
  const service = batched.app.get(AgentMetricsService, { strict: false });
  try {
    const outcomes = await service.recordResults(part, { atomic });
    return outcomes.map((outcome) => (outcome.status === 'refused' ? outcome.error.code : outcome.status));
  } catch (error) {
    if (atomic) return null;
    throw error;
  }
}

async function post(part: Item[], atomic: boolean, asLines: boolean): Promise<string[] | null> {
  const body = asLines ? part.map((item) => JSON.stringify(item)).join('\n') : part;
  const headers = asLines ? { 'content-type': 'application/x-ndjson' } : {};
  const answer = await batched.send('POST', atomic ? `${PATH}?atomic=true` : PATH, body, headers);
  if (atomic && answer.status >= 400 && answer.status < 500) return null;
  expect(answer.status).toBe(200);
  interface Outcome {
    status: string;
    problem?: { code: string };
  }
  const outcomes = asLines
    ? String(answer.body)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Outcome)
    : (answer.body as { results: Outcome[] }).results;
  return outcomes.map(({ status, problem }) => problem?.code ?? status);
}

/** Rows and events without what differs between databases: ids of agents, and the hashes that depend on them. */
async function storedOf({ database }: TestApp, pattern: string): Promise<unknown> {
  const rows = await database.query(
    `SELECT to_jsonb(agent) - '{id,agent_id,ledger_hash}'::text[] AS agent
       FROM agent_metrics agent WHERE agent_type LIKE $1 ORDER BY agent_type`,
    [pattern],
  );
  const events = await database.query(
    `SELECT to_jsonb(event) - '{id,hash,prev_hash,transaction_id}'::text[] #- '{payload,id}' AS event
       FROM agent_events event WHERE agent_type LIKE $1 ORDER BY agent_type, version`,
    [pattern],
  );
  return { rows, events };
}
