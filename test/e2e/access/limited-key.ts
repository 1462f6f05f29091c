import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { KEY_PROPAGATION_MS } from '../../../src/auth/key-ring.js';
import { startEvaluator, type TestEvaluator } from '../../support/evaluator.js';
import { type Answer, startTestApp, type TestApp } from '../../support/test-app.js';
import { bearer, createKey } from '../support/keys.js';
import { agentPath } from '../support/paths.js';
import { EVIDENCE, listOperations, type Operation, pathFor, QUERIES, WITHOUT_AGENT } from './limited-routes.js';

/** Agents of the limited key, and one that it must not see. */
export const [ALPHA, ALPHA_TWO, BRAVO] = ['alpha', 'alpha.two', 'bravo-7f3a'] as const;
/** Values that only agents whose names begin with `bravo` have. */
export const MARKS = [
  BRAVO,
  'bravo',
  'marked-pattern',
  'marked-suggestion',
  'marked-config',
  'marked-run',
  'marked_category',
  '73131313',
];
const CUSTODY_TEST = { passed: true, score: 90, duration: 2, category: 'reasoning', evidence: EVIDENCE };
const VARYING_HEADERS = ['date', 'x-request-id', 'content-length'];

/** A key that is limited to some agents, and an unlimited one. */
export class LimitedKey {
  app!: TestApp;
  evaluator!: TestEvaluator;
  operations!: Operation[];
  /** Headers of the keys. */
  admin!: Record<string, string>;
  limited!: Record<string, string>;

  async start(): Promise<void> {
    this.evaluator = await startEvaluator();
    this.app = await startTestApp({ CUSTODY_EVALUATOR_URL: this.evaluator.url, CONNECTION_POOL_SIZE: '4' });
    this.operations = listOperations(this.app.app);
    this.admin = bearer(await createKey(this.app, { name: 'all' }));
    this.limited = bearer(await createKey(this.app, { name: 'team-alpha', agents: [ALPHA, `${ALPHA}.*`] }));
    await sleep(KEY_PROPAGATION_MS);
    for (const agentType of [ALPHA, ALPHA_TWO]) await this.fill(agentType, {});
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.evaluator.close();
  }

  readonly asLimited = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    this.app.send(method, path, body, { ...this.limited, ...headers });

  readonly asAdmin = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const answer = await this.app.send(method, path, body, { ...this.admin, ...headers });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer;
  };

  /** Records all kinds of data of an agent. */
  readonly fill = async (agentType: string, update: object): Promise<void> => {
    await this.asAdmin('PUT', agentPath(agentType), { learning_score: 5, ...update });
    await this.asAdmin('POST', agentPath(agentType, 'custody-test'), CUSTODY_TEST);
    await this.asAdmin('POST', agentPath(agentType, 'adversarial-test'), { score: 80, is_winner: true });
  };

  readonly fillBravo = async (): Promise<void> => {
    await this.fill(BRAVO, { learning_score: 99, xp: 73_131_313, config: { note: 'marked-config' } });
    await this.asAdmin('POST', agentPath(BRAVO, 'learning'), {
      learning_patterns: ['marked-pattern'],
      improvement_suggestions: ['marked-suggestion'],
    });
    await this.asAdmin('POST', agentPath(BRAVO, 'custody-test'), {
      ...CUSTODY_TEST,
      category: 'marked_category',
      evidence: { ...EVIDENCE, run_id: 'marked-run' },
    });
    await this.asAdmin('POST', agentPath(BRAVO, 'custody-xp'), { amount: 5_000 });
    // Ranked only with the inactive agents.
    await this.fill('bravo-inactive', { learning_score: 98 });
    await this.asAdmin('PUT', agentPath('bravo-inactive'), { is_active: false });
  };

  readonly stateOf = async (agentType: string): Promise<unknown> => [
    await this.app.database.query('SELECT * FROM agent_metrics WHERE agent_type = $1', [agentType]),
    await this.app.database.query('SELECT * FROM agent_events WHERE agent_type = $1 ORDER BY version', [agentType]),
  ];

  /** Responses of all reads of the limited key that are not refused. */
  readonly readAll = async (): Promise<Record<string, string>> => {
    const responses: Record<string, string> = {};
    for (const operation of this.operations.filter(({ method }) => method === 'GET')) {
      const { query = QUERIES[operation.name] ?? [''], refused, stream } = WITHOUT_AGENT[operation.name] ?? {};
      if (refused || stream) continue;
      for (const suffix of query) {
        for (const agentType of operation.ofAgent ? [ALPHA, ALPHA_TWO] : ['']) {
          const path = pathFor(operation, agentType) + suffix;
          const answer = await this.asLimited('GET', path);
          expect([path, answer.status]).toEqual([path, 200]);
          responses[path] = asText(answer);
        }
      }
    }
    return responses;
  };
}

/** The whole response as text, without the parts that change with time. */
export function asText({ status, headers, body }: Answer): string {
  const named = [...headers].filter(([name]) => !VARYING_HEADERS.includes(name));
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return `${status} ${JSON.stringify(named)} ${text}`
    .replaceAll(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z/g, 'TIME')
    .replaceAll(/"(actual|hours_since_last_test|seconds_\w+)":[\d.]+/g, '"$1":N');
}

export function expectNothingOfBravo(answer: Answer, path = ''): void {
  const text = asText(answer).replaceAll(JSON.stringify(path.split('?', 1)[0]), '');
  expect(MARKS.filter((mark) => text.includes(mark))).toEqual([]);
}
