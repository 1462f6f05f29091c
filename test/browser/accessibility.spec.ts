import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { describeInBrowser, waitFor } from './support/browser.js';
import { findViolations } from './support/find-violations.js';
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
  ['/webhooks', '.endpoint .notice'],
  ['/webhooks?endpoint=ENDPOINT', 'td.delivery-error'],
  ['/keys', '.empty'],
];
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } };

let app: TestApp;
/** An endpoint that does not respond. */
let endpoint: string;
beforeAll(async () => {
  app = await startTestApp({ WEBHOOK_ALLOW_PRIVATE: 'on' });
  await recordResults(app, 'reviewer', 40);
  const request = { url: 'http://127.0.0.1:9/hook', types: ['event.recorded', 'score.dropped'], agents: ['reviewer'] };
  const { body } = await app.send('POST', '/api/webhooks', request);
  endpoint = (body as { endpoint: { id: string } }).endpoint.id;
  await app.send('POST', `/api/webhooks/${endpoint}/replay`, { after: 0 });
  const other = await app.send('POST', '/api/webhooks', { ...request, agents: null });
  const { id } = (other.body as { endpoint: { id: string } }).endpoint;
  await app.send('PATCH', `/api/webhooks/${id}`, { enabled: false });
});
afterAll(() => app.close());

describeInBrowser('accessibility', (browser) => {
  afterAll(() => {
    expect(browser.errors).toEqual([]);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [device, viewport] of Object.entries(SIZES)) {
      it.each(PAGES)(`${colorScheme}, ${device}: axe finds nothing on %s`, async (path, ready) => {
        const page = await browser.open(app.url + path.replace('ENDPOINT', endpoint), {
          colorScheme,
          viewport,
          reducedMotion: 'reduce',
        });
        await waitFor(page, ready);
        expect(await findViolations(page)).toEqual([]);
        await page.context().close();
      });

      it(`${colorScheme}, ${device}: axe finds nothing in the dialogs of an endpoint`, async () => {
        const options = { colorScheme, viewport, reducedMotion: 'reduce' } as const;
        const page = await browser.open(`${app.url}/webhooks?endpoint=${endpoint}`, options);
        for (const name of ['Edit…', 'Replay…', 'Rotate secret…', 'Delete…']) {
          await page.getByRole('button', { name }).click();
          await page.getByRole('dialog').waitFor();
          expect([name, await findViolations(page)]).toEqual([name, []]);
          await page.keyboard.press('Escape');
          await page.getByRole('dialog').waitFor({ state: 'detached' });
        }
        await page.getByRole('button', { name: 'Rotate secret…' }).click();
        await page.getByRole('button', { name: 'Rotate', exact: true }).click();
        await page.getByLabel('Secret', { exact: true }).waitFor();
        expect(await findViolations(page)).toEqual([]);
        await page.context().close();
      });
    }
  }

  it('finds nothing in the dialog of a first key, which returns the focus', async () => {
    const page = await browser.open(`${app.url}/keys`);
    await page.getByRole('button', { name: 'Create a key' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Create a key');
  });

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
