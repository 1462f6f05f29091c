import { readFileSync } from 'node:fs';
import type { INestApplication } from '@nestjs/common';
import { buildOpenApiDocument } from '../../../src/http/openapi/openapi.js';

/** Names of path parameters with an agent type. */
const AGENT_PARAMETER = /\{(agent_type|ai_type)\}/g;

/** An operation of the OpenAPI document that requires a key. */
export interface Operation {
  /** Method and path, as in the document. */
  name: string;
  method: string;
  path: string;
  /** Whether an agent type is in the path. */
  ofAgent: boolean;
}

export function listOperations(app: INestApplication): Operation[] {
  interface Documented {
    security?: object[];
  }
  return Object.entries(buildOpenApiDocument(app).paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Documented>)
      .filter(([, { security }]) => security?.some((scheme) => Object.keys(scheme).length === 0) !== true)
      .map(([name]) => ({
        name: `${name.toUpperCase()} ${path}`,
        method: name.toUpperCase(),
        path,
        ofAgent: path.search(AGENT_PARAMETER) !== -1,
      })),
  );
}

/** Names of all query parameters in openapi.json. */
export function listQueryParameters(): string[] {
  const { paths } = JSON.parse(readFileSync('openapi.json', 'utf8')) as {
    paths: Record<string, Record<string, { parameters?: { name: string; in: string }[] }>>;
  };
  const parameters = Object.values(paths).flatMap((item) =>
    Object.values(item).flatMap((operation) => operation.parameters ?? []),
  );
  return [...new Set(parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name))];
}

/** The path of an operation for this agent. Events: the second one, which can be voided. */
export function pathFor({ path }: Operation, agentType: string): string {
  return path
    .replace(AGENT_PARAMETER, encodeURIComponent(agentType))
    .replace('{version}', '2')
    .replace(/\{(?:id|name|name_or_id)\}/, 'none');
}

/** Evidence of the recorded tests of all agents. */
export const EVIDENCE = { run_id: 'shared-run', model: 'shared/model', agent_version: '1.0', environment: 'ci' };

/** Selects the recorded tests of all agents, by each way in which tests are read. */
const FILTERS = [
  '?run_id=shared-run',
  '?agent_version=1.0&model=shared/model&environment=ci',
  '?category=reasoning',
  '?category=reasoning&run_id=shared-run',
];

/** After all that is recorded for these tests, and accepted as a moment of the past: clocks may differ by five minutes. */
const SOON = new Date(Date.now() + 4 * 60_000).toISOString();

/** Operations that read the past of an agent. */
const AS_OF = [
  'GET /api/agent-metrics/{agent_type}',
  'GET /api/agent-metrics/{agent_type}/custody',
  'GET /api/custody/agents/{agent_type}',
  'GET /api/custody/agents/{agent_type}/eligibility',
];

/** Queries that a limited key sends to operations with an agent type in their path. Default: none. The first must succeed. */
export const QUERIES: Record<string, string[]> = {
  ...Object.fromEntries(AS_OF.map((path) => [path, ['', '?as_of=1', `?as_of=${SOON}`]])),
  'GET /api/agent-metrics/{agent_type}/analytics': ['', ...FILTERS, '?from=2020-01-01T00:00:00Z'],
  'GET /api/agent-metrics/{agent_type}/trends': ['', ...FILTERS],
  'GET /api/agent-metrics/{agent_type}/compare': ['run_id', 'model', 'agent_version', 'environment'].map(
    (by) => `?by=${by}`,
  ),
  'GET /api/agent-metrics/{agent_type}/events': ['', '?limit=1', '?order=oldest', '?outcome=passed', ...FILTERS],
};

/** Bodies of operations that write to the agent in their path. Others have none. */
export const BODIES: Record<string, object> = {
  'PUT /api/agent-metrics/{agent_type}': { priority: 'high' },
  'POST /api/agent-metrics/{agent_type}/events/{version}/void': { reason: 'a mistake' },
  'POST /api/agent-metrics/{agent_type}/custody-test': { passed: true, score: 91, duration: 2 },
  'POST /api/agent-metrics/{agent_type}/adversarial-test': { score: 81, is_winner: true },
  'POST /api/agent-metrics/{agent_type}/custody-xp': { amount: 5 },
  'POST /api/agent-metrics/{agent_type}/learning': { learning_cycles: 1 },
  'POST /api/agent-metrics/{agent_type}/rename': { agent_type: 'alpha.three' },
  'POST /api/agent-metrics/{agent_type}/merge': { into: 'alpha.two' },
  'DELETE /api/agent-metrics/{agent_type}': { agent_type: 'alpha', reason: 'test' },
};

/** Operations after which the agent does not exist under its name. Tested for limited keys in lifecycle.spec.ts. */
export const ENDS_NAME = [
  'POST /api/agent-metrics/{agent_type}/rename',
  'POST /api/agent-metrics/{agent_type}/merge',
  'DELETE /api/agent-metrics/{agent_type}',
];

/**
 * Operations without an agent type in their path: the requests that a limited key sends, and whether they are refused. A new
 * operation must be added here, or the walk fails.
 */
export const WITHOUT_AGENT: Record<string, { query?: string[]; body?: object; refused?: true; stream?: true }> = {
  'GET /api/agent-metrics': { query: ['', '?limit=1'] },
  'GET /api/agent-metrics/leaderboard': {
    query: ['', '?period=day', '?period=week', '?period=month', '?period=all', `?as_of=${SOON}`].flatMap((query) =>
      ['', '&include_inactive=true', '&limit=1', '&around=alpha'].map((more) =>
        query === '' ? more.replace('&', '?') : query + more,
      ),
    ),
  },
  'GET /api/agent-metrics/events': { query: ['', '?limit=1', '?order=oldest', '?outcome=passed', ...FILTERS] },
  'GET /api/agent-metrics/analytics/summary': { query: ['', ...FILTERS, '?from=2020-01-01T00:00:00Z'] },
  'GET /api/agent-metrics/trends': { query: ['', '?bucket=hour', ...FILTERS, '?bucket=hour&run_id=shared-run'] },
  'GET /api/agent-metrics/export': {
    query: [
      '?of=agents',
      '?of=events',
      '?of=agents&format=csv',
      '?of=events&format=csv',
      '?of=events&agent_type=alpha',
    ],
  },
  // Without an end: feed/feed.spec.ts.
  'GET /api/feed': { stream: true },
  'POST /api/agent-metrics/bulk-update': { body: { updates: { alpha: { priority: 'low' } } } },
  'POST /api/agent-metrics/results': {
    body: [{ id: 'limited', agent_type: 'alpha', passed: true, score: 92, duration: 1 }],
  },
  'POST /api/ingest': {
    body: {
      eval: { eval_id: 'E', task: 'limited', model: 'alpha', created: '2026-01-01T00:00:00Z' },
      version: 2,
      samples: [{ id: 1, epoch: 1, scores: { match: { value: 'C' } } }],
    },
  },
  'GET /api/caller': {},
  'GET /api/custody': {},
  'GET /api/custody/analytics': { query: ['', '?limit=1'] },
  'GET /api/custody/live-analytics': { query: ['', '?limit=1'] },
  'GET /api/custody/recommendations': { query: ['', '?limit=1'] },
  'GET /api/custody/leaderboard': { query: ['', '?limit=1'] },
  'GET /api/custody/test-categories': {},
  'GET /api/custody/recent-tests': { query: ['', '?limit=1'] },
  'GET /api/custody/recent-adversarial-tests': { query: ['', '?limit=1'] },
  'POST /api/custody/batch-test': { refused: true },
  'GET /api/custody/categories': {},
  'GET /api/custody/agents': { query: ['', '?limit=1'] },
  'GET /metrics': { refused: true },
  'GET /api/keys': { refused: true },
  'POST /api/keys': { refused: true },
  'POST /api/keys/{name}/rotate': { refused: true },
  'DELETE /api/keys/{name_or_id}': { refused: true },
  'GET /api/webhooks': { refused: true },
  'POST /api/webhooks': { refused: true },
  'GET /api/webhooks/{id}': { refused: true },
  'PATCH /api/webhooks/{id}': { refused: true },
  'DELETE /api/webhooks/{id}': { refused: true },
  'POST /api/webhooks/{id}/rotate-secret': { refused: true },
  'POST /api/webhooks/{id}/test': { refused: true },
  'POST /api/webhooks/{id}/replay': { refused: true },
  'GET /api/webhooks/{id}/deliveries': { refused: true },
};
