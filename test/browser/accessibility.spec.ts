import { afterAll, beforeAll, expect, it } from '@jest/globals';
import axe from 'axe-core';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { describeInBrowser, waitFor } from './support/browser.js';
import { recordResults } from './support/results.js';

const PAGES: readonly (readonly [string, string])[] = [
  ['/', 'li.card .gate-line'],
  ['/leaderboard?period=week', 'tbody tr'],
  ['/agents/reviewer', '.heat'],
  ['/agents/reviewer?view=results', 'table.results tbody tr'],
  ['/agents/reviewer?view=compare', 'table.comparison tbody tr'],
  ['/agents/reviewer?view=ledger', 'details.event'],
  ['/agents/nobody', '.empty'],
  ['/ingest', '.drop-zone'],
  ['/keys', '.facts'],
];
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } };

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await recordResults(app, 'reviewer', 40);
});
afterAll(() => app.close());

describeInBrowser('accessibility', (browser) => {
  afterAll(() => {
    expect(browser.errors).toEqual([]);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [device, viewport] of Object.entries(SIZES)) {
      it.each(PAGES)(`${colorScheme}, ${device}: axe finds nothing on %s`, async (path, ready) => {
        const page = await browser.open(app.url + path, { colorScheme, viewport, reducedMotion: 'reduce' });
        await waitFor(page, ready);
        await page.evaluate(axe.source);
        const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
        await page.context().close();
      });
    }
  }

  it('moves the focus by keyboard: skip link, navigation, search', async () => {
    const page = await browser.open(app.url);
    await page.locator('li.card').first().waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.type')).toBe('search');
  });
});
