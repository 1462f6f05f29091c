import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold } from '../../../src/progression/evolve.js';
import type { AgentEvent } from '../../../src/progression/events.js';
import type { AgentState } from '../../../src/progression/agent-state.js';
import { anyCommand } from '../../factories/command.arbitrary.js';
import { propertyRuns } from '../../support/property-runs.js';
import { sendCommand } from '../../support/send-command.js';
import { startWebhookService, waitFor, type WebhookService } from '../../support/webhook-service.js';

const AGENTS = ['any-one', 'any-two'];
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const SCORE = { score_tests: 2, score_drop: 0.5 };

/** A command after a time; or a restart of the delivery. */
const steps = fc.array(
  fc.record({
    agent: fc.constantFrom(...AGENTS),
    afterMinutes: fc.constantFrom(0, 1, 40, 61),
    command: fc.oneof(
      { weight: 2, arbitrary: anyCommand },
      {
        weight: 3,
        arbitrary: fc
          .boolean()
          .map((passed) => ({ type: 'custody_test' as const, data: { passed, score: 50, duration: 1 } })),
      },
    ),
    restart: fc.boolean(),
  }),
  { minLength: 5, maxLength: 25 },
);

let webhooks: WebhookService;
let now = new Date('2026-06-01T00:00:00Z');
beforeAll(async () => {
  webhooks = await startWebhookService({ PROPOSAL_PASS_WINDOW_HOURS: '1' });
});
afterAll(() => webhooks.close());

const advance = (ms: number): void => {
  now = new Date(now.getTime() + ms);
  webhooks.test.setClock(now);
};

/** The gates by the rules of docs/glossary.md, computed independently of the service. */
const canPropose = (state: AgentState, at: Date): boolean =>
  state.total_tests_passed >= 1 &&
  state.consecutive_failures <= 3 &&
  state.last_success !== null &&
  at.getTime() - state.last_success.getTime() <= HOUR_MS &&
  state.is_active;
const outcomesOf = ({ test_history }: AgentState): boolean[] =>
  test_history.flatMap(({ passed }) => (typeof passed === 'boolean' ? [passed] : []));
const canLevelUp = (state: AgentState): boolean => {
  const recent = outcomesOf(state).slice(-5);
  const rate = recent.filter(Boolean).length / recent.length;
  return recent.length >= 3 && rate >= 0.8 && state.consecutive_failures <= 2 && state.custody_xp >= 100;
};
const hasDropped = (state: AgentState | null): boolean => {
  const outcomes = state ? outcomesOf(state).slice(-4) : [];
  const count = (part: boolean[]): number => part.filter(Boolean).length;
  return outcomes.length === 4 && count(outcomes.slice(0, 2)) - count(outcomes.slice(2)) >= 1;
};

/** Messages of the events of an agent after a version and a time, until the end. */
function expectedOf(agent: string, events: readonly AgentEvent[], from: number, since: Date, end: Date): string[] {
  const messages: string[] = [];
  let state: AgentState | null = null;
  const limit = (current: AgentState, until: Date): void => {
    const closesAt = new Date((current.last_success?.getTime() ?? 0) + HOUR_MS + 1);
    if (canPropose(current, current.updated_at) && closesAt <= until && closesAt > since) {
      messages.push(`eligibility.changed ${agent} ${current.version} propose closed time_limit`);
    }
  };
  for (const event of events) {
    const before: AgentState | null = state;
    const at = event.recorded_at;
    if (before && event.version > from) limit(before, at);
    const after = fold(before, [event]);
    if (!after) throw new Error('no state');
    state = after;
    if (event.version <= from) continue;
    const name = `${agent} ${event.version}`;
    messages.push(`event.recorded ${name}`);
    const isTest = event.type === 'custody_test' || event.type === 'adversarial_test';
    if (isTest && (event.payload as { passed: unknown }).passed === false) messages.push(`test.failed ${name}`);
    if (after.level > (before?.level ?? 1)) messages.push(`agent.level_up ${name} ${after.level}`);
    for (const [gate, can] of [
      ['propose', canPropose],
      ['level-up', canLevelUp],
    ] as const) {
      const was = before !== null && can(before, at);
      if (was !== can(after, at)) {
        messages.push(`eligibility.changed ${name} ${gate} ${was ? 'closed' : 'opened'} event`);
      }
    }
    if (isTest && hasDropped(after) && !hasDropped(before)) messages.push(`score.dropped ${name}`);
  }
  if (state) limit(state, end);
  return messages;
}

it('messages of any commands, also after restarts of the delivery, equal those that the ledger gives', async () => {
  const { test, endpoints, receiver } = webhooks;
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      receiver.received.length = 0;
      advance(3 * HOUR_MS);
      const histories = await test.ledger.read(test.dataSource.manager, AGENTS);
      const from = new Map(AGENTS.map((agent) => [agent, histories.get(agent)?.events.length ?? 0]));
      const { id } = await webhooks.create(
        ['event.recorded', 'test.failed', 'agent.level_up', 'eligibility.changed', 'score.dropped'],
        { agents: AGENTS, ...SCORE },
      );
      await test.database.query(
        'UPDATE webhook_endpoints SET since = $1, limits_checked_until = $1, revision = revision + 1',
        [now],
      );
      const since = now;
      for (const { agent, afterMinutes, command, restart } of sequence) {
        advance(afterMinutes * MINUTE_MS + 1);
        await sendCommand(test.service, agent, command).catch(() => undefined);
        if (restart) await endpoints.update(id, { description: String(Math.random()) });
      }
      advance(3 * HOUR_MS);
      const ledger = await test.ledger.read(test.dataSource.manager, AGENTS);
      for (const agent of AGENTS) {
        const expected = expectedOf(agent, ledger.get(agent)?.events ?? [], from.get(agent) ?? 0, since, now);
        const found = (): string[] => webhooks.accepted().filter((name) => name.split(' ')[1] === agent);
        await waitFor(() => found().length >= expected.length, 10_000).catch(() => undefined);
        expect(found()).toEqual(expected);
      }
      await endpoints.delete(id);
    }),
    { numRuns: propertyRuns(15), endOnFailure: true },
  );
}, 300_000);
