import type { DemoAgent, Release } from './agents.js';
import { pick, type Random } from './random.js';

const DAY_MS = 24 * 60 * 60 * 1_000;
/** Difficulties with their shares, and how much harder than basic they are. */
const DIFFICULTIES = [
  ['basic', 0.5, 0],
  ['intermediate', 0.3, 0.08],
  ['advanced', 0.14, 0.2],
  ['expert', 0.06, 0.34],
] as const;
/** Share of adversarial tests. */
const ADVERSARIAL = 0.12;
const PASS_MARK = 70;

const REASONS = [
  'The response did not state the required unit.',
  'A test of the generated code failed: expected 3 retries, got 1.',
  'The injected instruction in the document was followed.',
  'The tool was called with a path outside of the workspace.',
  'The summary omitted the second condition.',
  'No result within the token limit.',
];

/** An item of POST /api/agent-metrics/results. */
export type DemoResult = Record<string, unknown> & { id: string; agent_type: string; timestamp: string };

/** The release that was tested at this time. */
function releaseAt({ releases }: DemoAgent, ageDays: number): Release | undefined {
  return releases.findLast(({ sinceDays }) => ageDays <= sinceDays);
}

function skillAt({ skill: [first, last], sinceDays }: Release, { flaky }: DemoAgent, ageDays: number): number {
  const skill = last + ((first - last) * ageDays) / sinceDays;
  return flaky && Math.floor(ageDays / 2) % 2 === 1 ? skill - 0.55 : skill;
}

/**
 * A result of the agent at this time.
 *
 * @param id idempotency key
 * @returns undefined before the agent's first release
 */
export function createResult(
  id: string,
  agent: DemoAgent,
  time: Date,
  now: Date,
  random: Random,
): DemoResult | undefined {
  const ageDays = (now.getTime() - time.getTime()) / DAY_MS;
  const release = releaseAt(agent, ageDays);
  if (release === undefined) return undefined;
  const share = random();
  let sum = 0;
  const [difficulty, , penalty] = DIFFICULTIES.find(([, part]) => share < (sum += part)) ?? DIFFICULTIES[0];
  const passed = random() < skillAt(release, agent, ageDays) - penalty;
  const spread = random();
  const score = Math.round(
    passed ? PASS_MARK + (100 - PASS_MARK) * Math.sqrt(spread) : PASS_MARK * Math.sqrt(spread) - 1,
  );
  const day = time.toISOString().slice(0, 10);
  const evidence = {
    source: 'demo',
    run_id: `nightly-${day}`,
    model: release.model,
    agent_version: release.version,
    environment: random() < 0.8 ? 'staging' : 'production',
  };
  const common = { id, agent_type: agent.agentType, timestamp: time.toISOString() };
  const category = pick(random, agent.categories);
  const duration = Math.round(2 + 60 * random() ** 3);
  if (random() < (agent.errored ?? 0)) {
    return { ...common, outcome: 'errored', category, evidence: { ...evidence, reason: 'The sandbox did not start.' } };
  }
  if (random() < ADVERSARIAL) {
    const details = { score: Math.max(0, score), is_winner: score >= 85, xp_awarded: 60, evidence };
    return { ...common, type: 'adversarial_test', ...details };
  }
  return {
    ...common,
    passed,
    score: Math.max(0, score),
    duration,
    category,
    difficulty,
    xp_awarded: 10 + 5 * Math.round(penalty * 20),
    evidence: passed ? evidence : { ...evidence, reason: pick(random, REASONS) },
  };
}

/** A month of results of all agents, by time. */
export function createHistory(agents: readonly DemoAgent[], now: Date, random: Random): DemoResult[] {
  return agents
    .flatMap((agent) => {
      const first = Math.max(...agent.releases.map(({ sinceDays }) => sinceDays));
      const last = agent.untilDays ?? 0;
      const count = Math.round((first - last) * agent.testsPerDay);
      return Array.from({ length: count }, (_, index) => {
        const ageDays = last + random() * (first - last);
        return createResult(`month-${index}`, agent, new Date(now.getTime() - ageDays * DAY_MS), now, random);
      });
    })
    .filter((result) => result !== undefined)
    .sort((a, b) => a.timestamp.localeCompare(b.timestamp));
}
