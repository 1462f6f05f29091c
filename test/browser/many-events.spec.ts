import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { eventually } from './support/eventually.js';
import { describeInBrowser } from './support/browser.js';
import { recordResults } from './support/results.js';

/** Number of events of the agent. In full: BROWSER_EVENTS=100000. */
const EVENTS = Number(process.env['BROWSER_EVENTS'] ?? 5_000);
const LIMIT_MS = 5_000;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await recordResults(app, 'long', EVENTS);
}, 1_800_000);
afterAll(() => app.close());

const VIEWS: readonly (readonly [string, string])[] = [
  ['', '.heat'],
  ['?view=results', 'table.results tbody tr'],
  ['?view=results&run_id=run-3', 'table.results tbody tr'],
  ['?view=compare', 'table.comparison tbody tr'],
  ['?view=ledger', 'details.event'],
];

describeInBrowser(`an agent with ${EVENTS} events`, (browser) => {
  it.each(VIEWS)('opens %s quickly', async (query, ready) => {
    const started = performance.now();
    const page = await browser.open(`${app.url}/agents/long${query}`);
    await page.locator(ready).first().waitFor();
    const elapsed = performance.now() - started;
    const paint = await page.evaluate(`performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0`);
    if (process.env['BROWSER_EVENTS'] !== undefined) {
      console.log(`${query}: shown after ${Math.round(elapsed)} ms, first paint after ${Math.round(Number(paint))} ms`);
    }
    expect(elapsed).toBeLessThan(LIMIT_MS);
  });

  it('shows older events without growing beyond what is asked for', async () => {
    const page = await browser.open(`${app.url}/agents/long?view=ledger`);
    await page.locator('details.event').first().waitFor();
    expect(await page.locator('details.event').count()).toBe(50);
    await page.getByRole('button', { name: 'Show older events' }).click();
    await eventually(() => page.locator('details.event').count(), 100);
  });
});
