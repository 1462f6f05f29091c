import fc from 'fast-check';
import { CATEGORIES } from '../../src/progression/commands.js';
import { DIFFICULTIES } from '../../src/progression/levels.js';

/** Any JavaScript value. */
export const anything = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
  stringUnit: 'binary',
});

type Fields = Record<string, fc.Arbitrary<unknown>>;

/** An object with some of the fields, each of which is valid, and at times one that has any value. */
function someOf(fields: Fields, required: string[] = []): fc.Arbitrary<unknown> {
  const valid = fc.record(fields, { requiredKeys: required });
  const broken = fc
    .tuple(valid, fc.oneof(fc.constantFrom(...Object.keys(fields)), fc.string()), anything)
    .map(([record, field, value]) => ({ ...(record as object), [field]: value }));
  return fc.oneof(
    { arbitrary: valid, weight: 3 },
    { arbitrary: broken, weight: 4 },
    { arbitrary: anything, weight: 2 },
  );
}

const score = fc.double({ min: 0, max: 100, noNaN: true });
const rate = fc.double({ min: 0, max: 1, noNaN: true });
const count = fc.integer({ min: 0, max: 1_000 });
const time = fc.oneof(
  fc.date({ min: new Date('2020-01-01'), max: new Date('2026-01-01'), noInvalidDate: true }),
  fc.constant('2025-01-25T10:00:00+02:00'),
);
const json = fc.oneof({ arbitrary: fc.jsonValue({ maxDepth: 2 }), weight: 15 }, { arbitrary: anything, weight: 1 });
const list = fc.array(json, { maxLength: 3 });
const document = fc.oneof(fc.dictionary(fc.string(), json, { maxKeys: 3 }), list, fc.constant(null));

export const custodyTests = someOf(
  {
    passed: fc.boolean(),
    score,
    duration: score,
    timestamp: time,
    xp_awarded: count,
    category: fc.constantFrom(...CATEGORIES, null),
    difficulty: fc.constantFrom(...DIFFICULTIES),
    details: fc.dictionary(fc.string(), json, { maxKeys: 3 }),
  },
  ['passed', 'score', 'duration'],
);

export const adversarialTests = someOf(
  { score, is_winner: fc.boolean(), timestamp: time, xp_awarded: count, winner_reasoning: fc.string({ minLength: 1 }) },
  ['score', 'is_winner'],
);

export const learningData = someOf({
  learning_score: score,
  learning_cycles: count,
  xp_awarded: count,
  success_rate: rate,
  failure_rate: rate,
  learning_patterns: list,
  improvement_suggestions: list,
});

export const updates = someOf({
  xp: count,
  custody_xp: count,
  learning_score: score,
  status: fc.string({ minLength: 1, maxLength: 20 }),
  is_active: fc.boolean(),
  learning_patterns: list,
  config: document,
  capabilities: document,
});

export const amounts = fc.oneof(fc.integer({ min: -1_000, max: 1_000 }), anything);

/** The options of a write; a key is seldom used twice. */
export const writeOptions = fc.oneof(
  { arbitrary: fc.constant(undefined), weight: 4 },
  { arbitrary: someOf({ actor: fc.constant('tester'), idempotencyKey: fc.uuid(), request: json }), weight: 2 },
  { arbitrary: someOf({ precondition: someOf({ match: fc.constantFrom('*', [1]), noneMatch: list }) }), weight: 1 },
);

export const agentTypes = fc.oneof(
  { arbitrary: fc.constantFrom('guardian', 'newcomer'), weight: 8 },
  { arbitrary: anything, weight: 1 },
  { arbitrary: fc.string({ maxLength: 60 }), weight: 1 },
);

export const pages = someOf({ limit: fc.integer({ min: -1, max: 1_100 }), cursor: fc.string() });
export const ranges = someOf({
  bucket: fc.constantFrom('hour', 'day'),
  from: fc.oneof(time, fc.date()),
  to: fc.date(),
});
