/** Kinds of fields, each with JSON texts that are of another type or shape. Whether a number makes sense is for rules. */
const NUMBER = [
  '"95"',
  '""',
  'true',
  'null',
  '[]',
  '[95]',
  '{}',
  '{"value":95}',
  '1e999',
  '-1e999',
  '"NaN"',
  '"\\u0000"',
];
const INTEGER = [...NUMBER, '1.5', '-0.1', '2147483648', '-2147483649', '9007199254740993', '1e300', '5e-324'];
const COUNT = [...INTEGER, '-1'];
const TEXT = ['95', '0', 'true', 'null', '[]', '["a"]', '{}', '""', '"a\\u0000"', '"\\ud83d"', '"\\ude00\\ud83d"'];
const LIST = ['95', '"[]"', 'true', 'null', '{}', '{"0":1,"length":1}', '["\\u0000"]', '[{"\\ud800":1}]', '[1e999]'];
const TIMES = [
  ...['"now"', '"2025-01-25"', '"2025-02-30T10:00:00Z"', '"2025-13-01T10:00:00Z"'],
  ...['"2025-01-25T24:00:00Z"', '"2025-01-25T10:60:00Z"', '"2025-01-25T10:00:60Z"', '"2025-01-25T10:00:00+24:00"'],
  ...['"25 January 2025"', '"1737799200"', '"1969-12-31T23:59:59Z"', '"+275760-09-13T00:00:00Z"', '"2025-1-5T1:0:0Z"'],
  ...[
    '" 2025-01-25T10:00:00Z"',
    '"2025-01-25T10:00:00Z\\n"',
    '"2025-01-25T10:00:00Z\\u0000"',
    '"-000001-01-01T00:00:00Z"',
  ],
];

export const WRONG = {
  number: NUMBER,
  integer: INTEGER,
  count: COUNT,
  score: [...NUMBER, '-0.1', '100.1', '101', '-5e-324'],
  duration: [...NUMBER, '-1', '1e300'],
  boolean: ['1', '0', '"true"', '""', 'null', '[]', '[true]', '{}'],
  text: TEXT,
  word: [...TEXT, '"nonsense"', '"Basic"', '"constructor"', '"__proto__"'],
  category: [...TEXT, '"Basic"', '"1a"', '"a-b"', '"__proto__"', '"ä"', '"a b"', `"${'a'.repeat(51)}"`],
  list: LIST,
  listOfObjects: [...LIST, '[1]', '["a"]', '[null]', '[[]]', '[{}, 1]', '[true]'],
  document: [
    '95',
    '"{}"',
    'true',
    'false',
    '""',
    '{"a":"\\u0000"}',
    '{"a\\u0000":1}',
    '["\\udfff"]',
    '[[{"a":1e999}]]',
  ],
  time: [...['95', '1737799200', '0', 'true', 'null', '[]', '{}', '""'], ...TIMES],
} as const;
export type Kind = keyof typeof WRONG;

export const PUT_FIELDS: Record<string, Kind> = {
  agent_id: 'text',
  learning_score: 'number',
  success_rate: 'number',
  failure_rate: 'number',
  pass_rate: 'number',
  total_learning_cycles: 'integer',
  xp: 'integer',
  level: 'integer',
  prestige: 'integer',
  current_difficulty: 'word',
  total_tests_given: 'integer',
  total_tests_passed: 'integer',
  total_tests_failed: 'integer',
  consecutive_successes: 'integer',
  consecutive_failures: 'integer',
  test_history: 'listOfObjects',
  custody_level: 'integer',
  custody_xp: 'integer',
  adversarial_wins: 'integer',
  learning_patterns: 'list',
  improvement_suggestions: 'list',
  status: 'text',
  is_active: 'boolean',
  priority: 'text',
  capabilities: 'document',
  config: 'document',
};
export const CUSTODY_TEST_FIELDS: Record<string, Kind> = {
  passed: 'boolean',
  score: 'score',
  duration: 'duration',
  timestamp: 'time',
  xp_awarded: 'count',
  category: 'category',
  difficulty: 'word',
};
export const ADVERSARIAL_TEST_FIELDS: Record<string, Kind> = {
  score: 'score',
  is_winner: 'boolean',
  xp_awarded: 'count',
  timestamp: 'time',
  scenario_domain: 'text',
  scenario_complexity: 'text',
  winner_reasoning: 'text',
};
export const LEARNING_FIELDS: Record<string, Kind> = {
  learning_score: 'number',
  learning_cycles: 'count',
  xp_awarded: 'count',
  success_rate: 'number',
  failure_rate: 'number',
  learning_patterns: 'list',
  improvement_suggestions: 'list',
};
export const CUSTODY_XP_FIELDS: Record<string, Kind> = { amount: 'integer' };
