import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { eventually } from './support/eventually.js';
import { describeInBrowser, HAS_AS_OF } from './support/browser.js';
import { recordResults } from './support/results.js';

const AGENT = 'team/reviewer';
const JUNIT = '<testsuite name="unit"><testcase name="adds"/><testcase name="fails"><failure/></testcase></testsuite>';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await recordResults(app, AGENT, 60);
});
afterAll(() => app.close());

const agentUrl = (query = ''): string => `${app.url}/agents/${encodeURIComponent(AGENT)}${query}`;
const rows = (page: Page) => page.locator('table.results tbody tr');

describeInBrowser('the dashboard', (browser) => {
  afterAll(() => {
    expect(browser.errors).toEqual([]);
  });

  it('shows a card an agent, with gates and reasons', async () => {
    const page = await browser.open(app.url);
    const card = page.locator('li.card', { hasText: AGENT });
    await card.getByText('45 more').or(card.getByText('open').first()).first().waitFor();
    expect(await card.textContent()).toMatch(/75%.*Propose.*Level up.*60 tests/s);
    expect(await page.locator('li.card').count()).toBe(5);
  });

  it('finds agents, and keeps the search in the URL', async () => {
    const page = await browser.open(app.url);
    await page.getByRole('searchbox').fill('REVIEW');
    await page.waitForURL('**/?q=REVIEW');
    expect(await page.locator('li.card').count()).toBe(1);
    await page.getByRole('link', { name: AGENT }).click();
    await page.getByRole('heading', { name: AGENT }).waitFor();
    expect(page.url()).toBe(agentUrl());
  });

  it('filters results by the URL and by its fields', async () => {
    const page = await browser.open(agentUrl('?view=results&outcome=failed'));
    await rows(page).first().waitFor();
    expect(await rows(page).count()).toBe(15);
    await page.getByLabel('Run').fill('run-0');
    await page.getByLabel('Run').press('Enter');
    await page.waitForURL('**run_id=run-0**');
    await eventually(() => rows(page).count(), 3);
    await page.getByLabel('Category').fill('nothing');
    await page.getByLabel('Category').press('Enter');
    await page.getByRole('heading', { name: 'No result matches' }).waitFor();
  });

  it('shows the comparison, the heat map and the ledger', async () => {
    const page = await browser.open(agentUrl('?view=compare'));
    await page.getByText('points').first().waitFor();
    expect(await page.locator('table.comparison tbody tr').count()).toBe(2);
    await page.getByRole('button', { name: 'Progress' }).click();
    await page.locator('td.heat-5, td.heat-4, td.heat-3').first().waitFor();
    await eventually(() => page.locator('.chart canvas').count(), 2);
    await page.getByRole('button', { name: 'Ledger' }).click();
    await page.getByText('links match').waitFor();
    await page.locator('details.event').first().click();
    await page.getByRole('heading', { name: 'Evidence' }).first().waitFor();
  });

  (HAS_AS_OF ? it : it.skip)('shows the state as of a version', async () => {
    const page = await browser.open(agentUrl('?as_of=11'));
    await page.getByText('of 10 tests').waitFor();
    await page.getByRole('button', { name: 'Return to now' }).click();
    await page.getByText('of 60 tests').waitFor();
  });

  it('follows the system, and switches to the other theme', async () => {
    const page = await browser.open(app.url, { colorScheme: 'dark' });
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(await background()).toBe('rgb(17, 18, 24)');
    await page.getByRole('button', { name: /^Theme/ }).click();
    await eventually(background, 'rgb(246, 246, 249)');
    await page.reload();
    expect(await background()).toBe('rgb(246, 246, 249)');
  });

  it('records a test after its form is filled, and voids it after a confirmation', async () => {
    await recordResults(app, 'voidable', 1);
    const page = await browser.open(`${app.url}/agents/voidable?view=results`);
    await page.getByRole('button', { name: 'Record a test' }).click();
    await page.getByLabel('Score').fill('97.5');
    await page.getByLabel('Duration').fill('4');
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await page.getByRole('cell', { name: '97.5' }).waitFor();
    await page.getByRole('button', { name: 'Void event 3' }).click();
    await page.getByLabel('Reason', { exact: true }).fill('recorded by mistake');
    await page.getByRole('button', { name: 'Void', exact: true }).last().click();
    await page.getByText('voided', { exact: true }).waitFor();
  });

  it('previews a dropped file, and records it after a confirmation', async () => {
    const page = await browser.open(`${app.url}/ingest?agent=dropped`);
    const transfer = await page.evaluateHandle(
      `(() => { const data = new DataTransfer(); data.items.add(new File([${JSON.stringify(JUNIT)}], 'report.xml')); return data; })()`,
    );
    await page.dispatchEvent('.drop-zone', 'drop', { dataTransfer: transfer });
    await page.getByText('Preview', { exact: true }).waitFor();
    expect((await app.send('GET', '/api/agent-metrics/dropped')).status).toBe(404);
    await page.getByRole('button', { name: 'Record 2 results' }).click();
    await page.getByText('Already recorded').waitFor();
    expect((await app.send('GET', '/api/agent-metrics/dropped')).body).toMatchObject({
      metrics: { total_tests_given: 2 },
    });
  });

  it('previews a file again if the options were changed, before it can be recorded', async () => {
    const page = await browser.open(`${app.url}/ingest`);
    const file = { name: 'report.xml', mimeType: 'text/xml', buffer: Buffer.from(JUNIT) };
    await page.setInputFiles('input[type=file]', file);
    await page.getByRole('button', { name: 'Record 0 results' }).waitFor();
    await page.getByLabel('Agent').fill('later');
    expect(await page.getByRole('button', { name: 'Record 0 results' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Preview the changed options' }).click();
    await page.getByRole('button', { name: 'Record 2 results' }).waitFor();
  });

  it('states what is wrong with a file', async () => {
    const page = await browser.open(`${app.url}/ingest`);
    await page.setInputFiles('input[type=file]', { name: 'x.json', mimeType: 'text/plain', buffer: Buffer.from('{}') });
    await page.getByRole('alert').waitFor();
  });

  it('shows periods and neighbours on the leaderboard', async () => {
    const page = await browser.open(`${app.url}/leaderboard`);
    await page.getByRole('button', { name: '7 days' }).click();
    await page.waitForURL('**period=week');
    await page.getByRole('button', { name: `Neighbours of ${AGENT}` }).click();
    await page.locator('tr.row-marked').waitFor();
  });

  it('explains webhooks while there is none', async () => {
    const page = await browser.open(`${app.url}/webhooks`);
    await page.getByText('follow Standard Webhooks').waitFor();
    expect(await page.locator('.type-list dt').allTextContents()).toEqual([
      'test.failed',
      'eligibility.changed',
      'agent.level_up',
      'score.dropped',
      'event.recorded',
    ]);
    await page.goto(`${app.url}/webhooks?endpoint=unknown`);
    await page.getByRole('heading', { name: 'This endpoint does not exist' }).waitFor();
  });

  it('is sent as compressed files that browsers keep', async () => {
    const html = await readFile('dist/dashboard/index.html', 'utf8');
    const [asset = ''] = /assets\/index-[^"]+\.js/.exec(html) ?? [];
    const response = await fetch(`${app.url}/${asset}`, { headers: { 'accept-encoding': 'gzip' } });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
  });
});
