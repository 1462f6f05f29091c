import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCursor, createCursorOfText } from '../../factories/json.factory.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { AGENTS, LEADERBOARD, STANDINGS } from '../support/paths.js';
import { expectRefused, type Field } from '../support/problem.js';
import { sent } from '../support/read.js';

const UUID = '01a206ab-07b6-76bf-b561-b05a59033b32';
const TIME = '2025-01-25T10:00:00.000000Z';

const BAD_LIMITS = [
  ...[
    '0',
    '1001',
    '-1',
    'abc',
    '1.5',
    '1.0',
    '1e2',
    '0x10',
    '',
    '%20',
    '%2B1',
    '+1',
    '1%20',
    '%EF%BC%91',
    'NaN',
    'Infinity',
  ],
  ...[
    '9999999999',
    '99999999999999999999999999',
    '1,2',
    '[1]',
    '1_0',
    '%00',
    '%ED%A0%80',
    '%',
    'null',
    '1;DROP',
    '5&limit=5',
  ],
];

/** Cursors that no list made. */
const GARBAGE = [
  ...['', 'abc', '%00', '%F0%9F%99%82', '%ED%A0%80', '%', 'null', '[]', '../..', '-', '====', '0', 'x'.repeat(7_000)],
  ...[null, [], {}, '', 0, true, [null, null], [1], [[], {}], { length: 2 }].map(createCursor),
  ...['', '[', '[1e999,1e999,1e999,"a"]', '\u0000', '["a\\u0000","b"]', '["\\ud800","b"]', '[[[['].map(
    createCursorOfText,
  ),
  createCursor([TIME, UUID, 1]),
  createCursor(['x'.repeat(2_000), UUID]),
  Buffer.from([0xff, 0xfe, 0x00]).toString('base64url'),
];
const BAD_TIMES = [
  ...[
    '2025-02-30T10:00:00.000000Z',
    '2025-13-01T10:00:00.000000Z',
    '2025-01-25T24:00:00.000000Z',
    '0000-00-00T00:00:00.000000Z',
  ],
  ...[
    '2025-01-25T10:60:00.000000Z',
    '2025-01-25T10:00:00.000000',
    '2025-01-25T10:00:00.000Z',
    '25-01-25',
    'now',
    'infinity',
  ],
  ...['-infinity', '', '1e999', '2025-01-25T10:00:00.000000Z; SELECT 1', '2025-01-25 10:00:00.000000Z'],
];
const BAD_IDS = ['', 'x', UUID.slice(1), UUID.replaceAll('-', ''), `{${UUID}}`, `${UUID}0`, UUID.replace('0', 'g')];
const BAD_CREATION_KEYS = [
  ...BAD_TIMES.map((time) => [time, UUID]),
  ...BAD_IDS.map((id) => [TIME, id]),
  ...[null, 1, true, [], {}].flatMap((key) => [
    [key, UUID],
    [TIME, key],
  ]),
  [0, 0, 0, 'guardian'],
];
const BAD_RANK_KEYS = [
  ...[null, '0', true, [], {}].flatMap((key) => [
    ['all', key, 0, 0, 'guardian'],
    ['all', 0, key, 0, 'guardian'],
    ['all', 0, 0, key, 'guardian'],
  ]),
  ...[null, 0, true, [], {}, 'a\u0000', '\ud800'].map((key) => ['all', 0, 0, 0, key]),
  ...[null, 0, '', 'year', 'all+', 'all+inactive', 'day'].map((key) => [key, 0, 0, 0, 'guardian']),
  ['all', 0, 0, 0],
  [0, 0, 0, 'guardian'],
  ['all', 0, 0, 0, 'guardian', 0],
  [TIME, UUID],
];

describe.each([
  { name: 'overview', list: AGENTS, badKeys: BAD_CREATION_KEYS },
  { name: 'leaderboard', list: LEADERBOARD, badKeys: BAD_RANK_KEYS },
  { name: 'standings', list: STANDINGS, badKeys: BAD_CREATION_KEYS },
])('the query of the $name', ({ list, badKeys }) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  const refuses = (query: string, field: Field) =>
    expectRefused(app, { method: 'GET', path: `${list}?${query}` }, 'validation_failed', field);

  it.each(BAD_LIMITS)('refuses a limit of %j', async (limit) => {
    await refuses(`limit=${limit}`, 'limit');
  });

  it.each(['limit', 'limit=1&limit=1', 'limit&limit', 'limit=1&cursor=abc&limit=2'])('refuses %s', async (query) => {
    await refuses(query, 'limit');
  });

  it.each(['1', '4', '1000'])('accepts a limit of %s', async (limit) => {
    expect((await sent(app, 'GET', `${list}?limit=${limit}`)).status).toBe(200);
  });

  it.each(GARBAGE.map((cursor) => [cursor.slice(0, 50), cursor]))('refuses the cursor %j', async (_shown, cursor) => {
    await refuses(`cursor=${cursor}`, 'cursor');
    await refuses(`limit=1&cursor=${cursor}`, 'cursor');
  });

  it.each(badKeys.map((keys) => [JSON.stringify(keys), keys]))('refuses a cursor of %s', async (_shown, keys) => {
    await refuses(`cursor=${createCursor(keys)}`, 'cursor');
  });

  it.each(['cursor', 'cursor=&cursor=', 'cursor=a&cursor=b'])('refuses %s', async (query) => {
    await refuses(query, 'cursor');
  });

  it.each([
    'foo',
    '__proto__',
    'constructor',
    'toString',
    'Limit',
    'limit[]',
    'limit.x',
    'offset',
    '0',
    '%00',
    '%F0%9F%99%82',
  ])('refuses the unknown parameter %s', async (name) => {
    await refuses(`${name}=1`, /./);
  });

  it('names the unknown parameter', async () => {
    await refuses('offset=10', 'offset');
    await refuses('limit=1&page=2', 'page');
  });
});

describe('a valid cursor that no list returned', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it.each([
    ['before all', ['1970-01-01T00:00:00.000000Z', UUID], 4],
    ['after all', ['9999-12-31T23:59:59.999999Z', UUID], 0],
  ])('continues the overview: %s', async (_case, keys, count) => {
    const { body } = await sent(app, 'GET', `${AGENTS}?cursor=${createCursor(keys)}`);
    expect((body as { agents: string[] }).agents).toHaveLength(count);
  });

  it.each([
    ['before all', ['all', 1e308, 0, 0, ''], 4],
    ['after all', ['all', -1e308, 0, 0, ''], 0],
    ['between', ['all', 0, 0, -0, 'guardian'], 2],
    ['of a name that is none', ['all', 0, 0, 0, "z'; DROP TABLE agent_metrics; --"], 0],
  ])('continues the leaderboard: %s', async (_case, keys, count) => {
    const { body } = await sent(app, 'GET', `${LEADERBOARD}?cursor=${createCursor(keys)}`);
    expect((body as { leaderboard: object[] }).leaderboard).toHaveLength(count);
  });
});
