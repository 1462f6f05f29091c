import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { setTimeout as sleep } from 'node:timers/promises';
import { KEY_PROPAGATION_MS } from '../../src/auth/key-ring.js';
import { createKey } from '../e2e/support/keys.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { describeInBrowser } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { findViolations } from './support/find-violations.js';
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
    await page.goto(`${app.url}/keys`);
    await page.getByText('can manage keys here').waitFor();
    expect(await page.getByRole('button', { name: 'Create a key' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Forget key' }).click();
    await page.getByRole('heading', { name: 'API key required' }).waitFor();
  });
});

describeInBrowser('the keys of a service without keys', (browser) => {
  let open: TestApp;
  beforeAll(async () => {
    open = await startTestApp();
  });
  afterAll(() => open.close());

  const click = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
  const stateOf = (page: Page, name: string) =>
    page.getByRole('region', { name: 'Keys' }).locator('tbody tr', { hasText: name }).first();
  async function takeKey(page: Page): Promise<string> {
    const key = await page.getByLabel('Key', { exact: true }).inputValue();
    await click(page, 'I have stored it');
    return key;
  }

  it('creates the first key and continues with it; creates, rotates and revokes others', async () => {
    const page = await browser.open(`${open.url}/keys`);
    await page.getByRole('heading', { name: 'No key yet' }).waitFor();
    await click(page, 'Create a key');
    await page.getByText('This is the first key.').waitFor();
    await page.getByLabel('Name').fill('operator');
    await click(page, 'Create');
    const first = await takeKey(page);
    await eventually(() => page.evaluate(`sessionStorage.getItem('lvlup.api_key')`), first);
    await page.getByText('this session', { exact: true }).waitFor();

    await click(page, 'Create a key');
    await page.getByLabel('Name').fill('operator');
    await click(page, 'Create');
    await page.getByText('A key with the name operator exists').waitFor();
    await page.getByLabel('Name').fill('not a name');
    await page.getByLabel('Agents').fill('team-a/*');
    await click(page, 'Create');
    await page.locator('.field-error', { hasText: 'must be 1 to 64 letters' }).waitFor();
    await page.getByLabel('Name').fill('ci');
    await click(page, 'Create');
    const ci = await takeKey(page);
    expect(await page.content()).not.toContain(ci);
    await stateOf(page, 'ci').getByText('team-a/*').waitFor();
    expect(await findViolations(page)).toEqual([]);

    await click(page, 'Rotate ci');
    await click(page, 'Rotate');
    expect(await takeKey(page)).not.toBe(ci);
    await click(page, 'Revoke ci (rotated)');
    await click(page, 'Revoke');
    await click(page, 'All');
    await page.getByText('revoked', { exact: true }).waitFor();

    await click(page, 'Rotate operator');
    await page.getByLabel('Overlap').selectOption('none: the previous one is invalid at once');
    await click(page, 'Rotate');
    const second = await takeKey(page);
    await eventually(() => page.evaluate(`sessionStorage.getItem('lvlup.api_key')`), second);

    await page.getByRole('row', { name: 'this session' }).getByRole('button', { name: 'Revoke operator' }).click();
    await click(page, 'Revoke');
    await page.getByRole('heading', { name: 'API key required' }).waitFor();
    expect(browser.errors).toEqual([]);
  });
});
