import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAdversarialTest } from '../../factories/adversarial-test.factory.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { agentPath } from '../support/paths.js';
import { expectInvalid } from '../support/problem.js';
import { metricsOf, rowOf, sent } from '../support/read.js';

/** One code point each, except the last two, whose code points are given. */
const CHARACTERS: [name: string, text: string, codePoints: number][] = [
  ['letters', 'x', 1],
  ['umlauts', 'ü', 1],
  ['ideographs', '漢', 1],
  ['emoji', '🙂', 1],
  ['variation selectors', '\uFE0F', 1],
  ['hearts with a variation selector', '\u2764\uFE0F', 2],
  ['letters with a combining accent', 'e\u0301', 2],
];
const LIMITS: [field: string, most: number][] = [
  ['status', 20],
  ['priority', 20],
  ['agent_id', 100],
];

/** A text of this many code points. */
function textOf(codePoints: number, text: string, each: number): string {
  return text.repeat(Math.floor(codePoints / each)) + 'x'.repeat(codePoints % each);
}

describe.each(CHARACTERS)('texts are counted in code points: %s', (name, text, each) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it.each(LIMITS)('%s accepts at most %d', async (field, most) => {
    const longest = textOf(most, text, each);
    await sent(app, 'PUT', agentPath('guardian'), { [field]: longest });
    expect(await metricsOf(app, 'guardian')).toMatchObject({ [field]: longest });
    expect(await rowOf(app, 'guardian')).toMatchObject({ [field]: longest });

    await expectInvalid(app, 'PUT', agentPath('guardian'), { [field]: textOf(most + 1, text, each) }, field);
  });

  it.each([
    ['scenario_domain', 100],
    ['scenario_complexity', 100],
    ['winner_reasoning', 10_000],
  ])('%s accepts at most %d', async (field, most) => {
    const path = agentPath('sandbox', 'adversarial-test');
    const longest = textOf(most, text, each);
    await sent(app, 'POST', path, { ...createAdversarialTest(), [field]: longest });
    const { test_history } = (await metricsOf(app, 'sandbox')) as { test_history: object[] };
    expect(test_history.at(-1)).toMatchObject({ [field]: longest });

    const tooLong = { ...createAdversarialTest(), [field]: textOf(most + 1, text, each) };
    await expectInvalid(app, 'POST', path, tooLong, field);
  });

  it(`20 ${name} are 20, and come back as they were sent`, async () => {
    const status = text.repeat(20 / each);
    await sent(app, 'PUT', agentPath('conquest'), { status });
    expect(await metricsOf(app, 'conquest')).toMatchObject({ status });
  });
});
