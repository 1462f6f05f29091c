import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { eventually } from './support/eventually.js';
import { describeInBrowser } from './support/browser.js';
import { recordResults } from './support/results.js';

/** Number of events of the agent. In full: BROWSER_EVENTS=100000. */
const EVENTS = Number(process.env['BROWSER_EVENTS'] ?? 5_000);
/** Time for requests that follow the first content. */
const REQUESTS_AFTER_MS = 500;
/** Limits that hold for any number of events: what makes a page slow, other than the machine. */
const MAX_RESPONSES = 12;
const MAX_BYTES = 1_000_000;
const MAX_ELEMENTS = 2_000;

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

/**
 * Reads the sizes, in bytes, of the responses of the API that the page has received, the last one of each URL: how often one is
 * read again depends on when the events arrive. The feed does not end.
 */
async function responseSizes(page: Page): Promise<number[]> {
  const responses = await page.evaluate(() =>
    (performance.getEntriesByType('resource') as unknown as { name: string; decodedBodySize: number }[])
      .filter(({ name }) => name.includes('/api/') && !name.includes('/api/feed'))
      .map(({ name, decodedBodySize }) => [name, decodedBodySize] as const),
  );
  return [...new Map(responses).values()];
}

describeInBrowser(`an agent with ${EVENTS} events`, (browser) => {
  it.each(VIEWS)('opens %s with a page of bounded size', async (query, ready) => {
    const started = performance.now();
    const page = await browser.open(`${app.url}/agents/long${query}`);
    await page.locator(ready).first().waitFor();
    if (process.env['BROWSER_EVENTS'] !== undefined) {
      console.log(`${query}: shown after ${Math.round(performance.now() - started)} ms`);
    }
    await page.waitForTimeout(REQUESTS_AFTER_MS);
    const sizes = await responseSizes(page);
    expect(sizes.length).toBeGreaterThan(0);
    expect(sizes.length).toBeLessThanOrEqual(MAX_RESPONSES);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MAX_BYTES);
    expect(await page.locator('*').count()).toBeLessThan(MAX_ELEMENTS);
  });

  it('shows older events without growing beyond what is asked for', async () => {
    const page = await browser.open(`${app.url}/agents/long?view=ledger`);
    await page.locator('details.event').first().waitFor();
    expect(await page.locator('details.event').count()).toBe(50);
    await page.getByRole('button', { name: 'Show older events' }).click();
    await eventually(() => page.locator('details.event').count(), 100);
  });
});
