import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { startReceiver, type WebhookReceiver } from '../support/webhook-receiver.js';
import { describeInBrowser } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { recordResults } from './support/results.js';

const AGENT = 'team/reviewer';
const FAILED = { passed: false, score: 30, duration: 2 };

let app: TestApp;
let receiver: WebhookReceiver;
beforeAll(async () => {
  receiver = await startReceiver();
  app = await startTestApp({ WEBHOOK_ALLOW_PRIVATE: 'on', WEBHOOK_RETRY_DELAYS: '60,60' });
  await recordResults(app, AGENT, 3);
});
afterAll(async () => {
  await app.close();
  await receiver.close();
});

const record = () => app.send('POST', `/api/agent-metrics/${encodeURIComponent(AGENT)}/custody-test`, FAILED);
const rows = (page: Page) => page.getByRole('region', { name: 'Deliveries' }).locator('tbody tr');
const click = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** Creates an endpoint by the page. @returns its secret */
async function create(page: Page, url: string): Promise<string> {
  await click(page, 'Create an endpoint');
  await page.getByLabel('URL').fill(url);
  await click(page, 'Create');
  const secret = await page.getByLabel('Secret', { exact: true }).inputValue();
  await click(page, 'I have stored it');
  await page.getByRole('heading', { level: 1, name: url }).waitFor();
  return secret;
}

describeInBrowser('webhooks', (browser) => {
  afterAll(() => {
    expect(browser.errors).toEqual([]);
  });

  it('creates an endpoint, shows its secret once, and then its deliveries', async () => {
    const page = await browser.open(`${app.url}/webhooks`);
    await page.getByText('Tell another system').waitFor();
    const secret = await create(page, receiver.url);
    expect(secret).toMatch(/^whsec_/);
    expect(await page.content()).not.toContain(secret);
    await page.getByRole('heading', { name: 'No delivery yet' }).waitFor();
    await click(page, 'Send a test');
    await page.getByText('The test message was delivered.').waitFor();
    await record();
    await rows(page).first().waitFor();
    expect(await rows(page).first().textContent()).toMatch(/delivered.*test\.failed.*team\/reviewer.*204.*msg_/);
    expect(receiver.verify(secret)).toBeGreaterThanOrEqual(2);
    await rows(page).first().getByRole('link', { name: AGENT }).click();
    await page.getByRole('heading', { level: 1, name: AGENT }).waitFor();
  });

  it('keeps the endpoint and the filter in the URL', async () => {
    const page = await browser.open(`${app.url}/webhooks`);
    await page.getByRole('link', { name: receiver.url }).click();
    await rows(page).first().waitFor();
    await click(page, 'Failing');
    await page.waitForURL('**/webhooks?endpoint=*&state=failing');
    await page.reload();
    await page.getByRole('heading', { name: 'No delivery has this state' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Webhooks' }).waitFor();
  });

  it('shows errors at their fields, and the options of score.dropped if it is chosen', async () => {
    const page = await browser.open(`${app.url}/webhooks`);
    await click(page, 'Create an endpoint');
    expect(await page.getByLabel('score.dropped: tests').count()).toBe(0);
    await page.getByLabel('score.dropped').check();
    await page.getByLabel('score.dropped: tests').fill('400');
    await page.getByLabel('URL').fill('ftp://example.com');
    await page.getByLabel('Agents').fill('reviewer\n*');
    await click(page, 'Create');
    await page.getByText('must be an http:// or https:// URL').waitFor();
    expect(await page.getByLabel('URL').getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('URL').fill(receiver.url);
    await click(page, 'Create');
    await page
      .getByText('Entry 2: must contain * only as its last character')
      .or(page.getByText('MAX_TEST_HISTORY_SIZE'))
      .waitFor();
    await click(page, 'Cancel');
    await eventually(() => page.evaluate('document.activeElement.textContent'), 'Create an endpoint');
  });

  it('rotates the secret, replays, disables, enables and deletes an endpoint', async () => {
    const page = await browser.open(`${app.url}/webhooks`);
    const url = `${receiver.url}?second`;
    const first = await create(page, url);
    await click(page, 'Rotate secret…');
    await click(page, 'Rotate');
    const second = await page.getByLabel('Secret', { exact: true }).inputValue();
    expect(second).not.toBe(first);
    await click(page, 'I have stored it');
    await page.getByText('2 secrets, until the overlap ends').waitFor();

    await click(page, 'Replay…');
    await page.getByLabel('A position of the feed').check();
    await page.getByLabel('Events after position').fill('0');
    await click(page, 'Replay');
    await rows(page).first().waitFor();

    await click(page, 'Edit…');
    await page.getByLabel('Description').fill('alerts');
    await click(page, 'Save');
    await page.getByText('alerts', { exact: true }).waitFor();

    await click(page, 'Disable');
    await page.getByText('Disabled by an administrator').waitFor();
    await click(page, `Enable: ${url}`);
    await page.getByText('Disabled by an administrator').waitFor({ state: 'detached' });

    await click(page, 'Delete…');
    await click(page, 'Delete');
    await page.getByRole('heading', { level: 1, name: 'Webhooks' }).waitFor();
    await eventually(() => page.getByRole('link', { name: url }).count(), 0);
  });

  it('states why an endpoint retries or is disabled', async () => {
    receiver.react = () => 503;
    await record();
    const page = await browser.open(`${app.url}/webhooks`);
    await page.getByText('1 failed attempt.').waitFor();
    await page.getByText('503').waitFor();
    receiver.react = () => 410;
    await click(page, `Try now: ${receiver.url}`);
    await page.getByText('the receiver responded with 410 (Gone)').waitFor();
    receiver.react = () => 204;
    await click(page, `Enable: ${receiver.url}`);
    await page.getByText('enabled', { exact: true }).waitFor();
  });
});
