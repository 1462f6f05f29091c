import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { KEY_PROPAGATION_MS } from '../../src/auth/key-ring.js';
import { createKey } from '../e2e/support/keys.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { describeInBrowser } from './support/browser.js';
import { recordResults } from './support/results.js';

let app: TestApp;
let reader: string;
beforeAll(async () => {
  app = await startTestApp();
  await recordResults(app, 'reviewer', 3);
  reader = await createKey(app, { name: 'reader', scope: 'read' });
  await sleep(KEY_PROPAGATION_MS);
});
afterAll(() => app.close());

describeInBrowser('a service that requires keys', (browser) => {
  it('asks for a key, keeps it for the tab, and offers what the key may do', async () => {
    const page = await browser.open(`${app.url}/agents/reviewer`);
    await page.getByRole('heading', { name: 'API key required' }).waitFor();
    await page.getByLabel('API key or token').fill('lvlup_wrong');
    await page.getByRole('button', { name: 'Open the dashboard' }).click();
    await page.getByText('The key is invalid').waitFor();
    await page.getByLabel('API key or token').fill(reader);
    await page.getByRole('button', { name: 'Open the dashboard' }).click();
    await page.getByRole('heading', { name: 'reviewer' }).waitFor();
    await page.getByText('of 3 tests').waitFor();
    expect(await page.getByRole('button', { name: 'Record a test' }).count()).toBe(0);
    await page.reload();
    await page.getByText('of 3 tests').waitFor();
    await page.goto(`${app.url}/keys`);
    await page.getByText('reader', { exact: true }).waitFor();
    await page.goto(`${app.url}/webhooks`);
    await page.getByRole('heading', { name: 'This key cannot manage webhooks' }).waitFor();
    expect(await page.getByRole('button', { name: 'Create an endpoint' }).count()).toBe(0);
    expect(await page.evaluate('localStorage.length + document.cookie.length')).toBeLessThanOrEqual(1);
    await page.getByRole('button', { name: 'Forget key' }).click();
    await page.getByRole('heading', { name: 'API key required' }).waitFor();
  });
});
