import fc from 'fast-check';
import { CATEGORIES, type Command } from '../../src/progression/commands.js';
import { DIFFICULTIES } from '../../src/progression/levels.js';
import { createAgentState } from './agent-state.factory.js';

const count = fc.integer({ min: 0, max: 200_000 });
const rate = fc.double({ min: 0, max: 1, noNaN: true });
const score = fc.double({ min: 0, max: 100, noNaN: true });
const timestamp = fc.date({ min: new Date('2020-01-01'), max: new Date('2026-01-01'), noInvalidDate: true });
/** As stored: JSON.stringify writes -0 as 0. */
const json = fc
  .jsonValue({ maxDepth: 2, noUnicodeString: true })
  .map((value) => JSON.parse(JSON.stringify(value)) as typeof value);
const list = fc.array(json, { maxLength: 5 });
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const evidence = fc.record(
  {
    attempt: fc.integer({ min: 1, max: 3 }),
    environment: fc.constantFrom('staging', 'production'),
    run_id: fc.constantFrom('run-1', 'run-2'),
  },
  { requiredKeys: [] },
);

const custodyTest: fc.Arbitrary<Command> = fc
  .record({
    passed: fc.boolean(),
    score,
    duration: fc.double({ min: 0, max: 10_000, noNaN: true }),
    timestamp: optional(timestamp),
    xp_awarded: optional(count),
    category: optional(fc.constantFrom(...CATEGORIES)),
    difficulty: optional(fc.constantFrom(...DIFFICULTIES)),
    evidence: optional(evidence),
  })
  .map((data) => ({ type: 'custody_test', data }));

/** A test of either kind whose harness failed. */
const erroredTest: fc.Arbitrary<Command> = fc
  .record({
    type: fc.constantFrom('custody_test' as const, 'adversarial_test' as const),
    timestamp: optional(timestamp),
    score: fc.option(score),
    evidence: optional(evidence),
  })
  .map(({ type, ...data }) => ({ type, data: { ...data, outcome: 'errored' } }));

const adversarialTest: fc.Arbitrary<Command> = fc
  .record({ score, is_winner: fc.boolean(), timestamp: optional(timestamp), xp_awarded: optional(count) })
  .map((data) => ({ type: 'adversarial_test', data }));

const learning: fc.Arbitrary<Command> = fc
  .record({
    learning_score: optional(fc.double({ min: 0, max: 1e9, noNaN: true })),
    learning_cycles: optional(count),
    xp_awarded: optional(count),
    success_rate: optional(rate),
    failure_rate: optional(rate),
    learning_patterns: optional(list),
    improvement_suggestions: optional(list),
  })
  .map((data) => ({ type: 'learning', data }));

const custodyXp: fc.Arbitrary<Command> = fc
  .integer({ min: -200_000, max: 200_000 })
  .map((amount) => ({ type: 'custody_xp', data: { amount } }));

const update: fc.Arbitrary<Command> = fc
  .record(
    {
      xp: count,
      level: fc.integer({ min: 0, max: 12 }),
      custody_xp: count,
      custody_level: fc.integer({ min: 0, max: 60 }),
      current_difficulty: fc.constantFrom(...DIFFICULTIES),
      consecutive_successes: fc.integer({ min: 0, max: 5 }),
      consecutive_failures: fc.integer({ min: 0, max: 5 }),
      total_tests_passed: count,
      pass_rate: fc.double({ min: -0.1, max: 1.1, noNaN: true }),
      learning_patterns: list,
      status: fc.constantFrom('idle', 'active'),
      config: fc.constantFrom(null, { a: 1 }),
    },
    { requiredKeys: [] },
  )
  .map((data) => ({ type: 'update', data: data }));

/** An agent from elsewhere, after some tests there. */
const imported: fc.Arbitrary<Command> = fc
  .record({
    passed: fc.nat(50),
    failed: fc.nat(50),
    xp: count,
    custody_level: fc.integer({ min: 1, max: 60 }),
    list,
    timestamp: optional(timestamp),
  })
  .map(({ passed, failed, list, timestamp: last_success = null, ...rest }) => ({
    type: 'import',
    data: {
      agent: createAgentState({
        ...rest,
        total_tests_given: passed + failed,
        total_tests_passed: passed,
        total_tests_failed: failed,
        last_success,
        learning_patterns: list,
      }),
      original: [{ ...rest, from: 'elsewhere' }],
    },
  }));

/** Any command, most of which are accepted. */
export const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  { arbitrary: custodyTest, weight: 6 },
  { arbitrary: adversarialTest, weight: 3 },
  { arbitrary: erroredTest, weight: 1 },
  { arbitrary: learning, weight: 3 },
  { arbitrary: custodyXp, weight: 2 },
  { arbitrary: update, weight: 2 },
  { arbitrary: fc.constant<Command>({ type: 'reset' }), weight: 1 },
  { arbitrary: fc.constant<Command>({ type: 'custody_reset' }), weight: 1 },
  { arbitrary: fc.constant<Command>({ type: 'create' }), weight: 1 },
  { arbitrary: imported, weight: 1 },
);

/** A test of either type. */
export const anyTest: fc.Arbitrary<Command> = fc.oneof(custodyTest, adversarialTest);
/** A test of either type, judged or errored. */
export const anyResult: fc.Arbitrary<Command> = fc.oneof(custodyTest, adversarialTest, erroredTest);

export const commandSequence = fc.array(anyCommand, { minLength: 1, maxLength: 80 });
