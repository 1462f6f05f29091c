import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, chromium } from 'playwright-core';

const USAGE = `node --import @swc-node/register/esm-register tools/demo/pictures.ts [--url http://127.0.0.1:8000] [--out docs/img] [--only NAME,…]

Takes the pictures of docs/dashboard.md from a demo that was started with WEBHOOK_ALLOW_PRIVATE=on. The last ones need keys, so
that the demo must be started again afterwards. Requires Chromium (/usr/bin/chromium, or the path in CHROMIUM). Reduce the pictures to 256 colors before they are committed.
`;
const PAGES = [
  ['overview', '/', 'li.card .gate-line'],
  ['leaderboard', '/leaderboard?period=week', 'tbody tr'],
  ['agent', '/agents/atlas%2Freviewer', '.heat'],
  ['results', '/agents/atlas%2Freviewer?view=results', 'table.results tbody tr'],
  ['compare', '/agents/atlas%2Freviewer?view=compare', 'table.comparison tbody tr'],
  ['ledger', '/agents/atlas%2Freviewer?view=ledger', 'details.event'],
  ['ingest', '/ingest', '.drop-zone'],
  ['webhooks', '/webhooks', '.endpoint'],
  ['webhook', '/webhooks?endpoint=ENDPOINT', 'tbody tr'],
] as const;
const KEYS_PAGE = ['keys', '/keys', 'tbody tr'] as const;
type PictureOf = readonly [name: string, path: string, ready: string];
/** Keys on the picture. The first one is that of the browser. */
const KEYS = [
  { name: 'operator', scope: 'admin' },
  { name: 'ci', scope: 'write', agents: ['atlas/*'], expires_at: inDays(90) },
  { name: 'grafana', scope: 'read', expires_at: inDays(365) },
];
const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
/** Activity arrives in this time. */
const OVERVIEW_MS = 9_000;
const PAGE_MS = 1_500;
const KEY_PROPAGATION_MS = 1_200;
const RECEIVER_PORT = 9_321;
/** Number of events before the endpoints whose messages are delivered to them. */
const REPLAYED = 60;
/** Endpoints of the receiver, by the status of its responses. */
const ENDPOINTS = [
  { status: 204, description: 'Alerts on call', types: ['test.failed', 'eligibility.changed', 'score.dropped'] },
  {
    status: 503,
    description: 'Deployment gate',
    types: ['eligibility.changed', 'test.failed'],
    agents: ['atlas/*', 'guardian'],
  },
  { status: 410, description: 'Former warehouse', types: ['event.recorded'] },
];

interface Options {
  url: string;
  out: string;
  pages: readonly PictureOf[];
  endpoint?: string;
  key?: string;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: 'http://127.0.0.1:8000' },
      out: { type: 'string', default: 'docs/img' },
      only: { type: 'string', default: [...PAGES, KEYS_PAGE].map(([name]) => name).join(',') },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const receiver = createServer(({ url = '' }, response) => {
    response.writeHead(Number(url.slice(-3))).end();
  });
  receiver.listen(RECEIVER_PORT, '127.0.0.1');
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking'],
  });
  try {
    const { url, out } = values;
    const only = values.only.split(',');
    const pages = PAGES.filter(([name]) => only.includes(name));
    const endpoint = await createEndpoints(url);
    await takePictures(browser, { url, out, pages, endpoint });
    if (only.includes('keys'))
      await takePictures(browser, { url, out, pages: [KEYS_PAGE], key: await createKeys(url) });
  } finally {
    await browser.close();
    receiver.close();
    receiver.closeAllConnections();
  }
}

/** @returns id of the first endpoint */
async function createEndpoints(url: string): Promise<string> {
  const list = async () => {
    const response = await fetch(`${url}/api/webhooks`);
    return ((await response.json()) as { endpoints: { id: string }[] }).endpoints;
  };
  if ((await list()).length === 0) {
    for (const { status, ...fields } of ENDPOINTS) {
      const body = JSON.stringify({ url: `http://127.0.0.1:${RECEIVER_PORT}/lvlup/${status}`, ...fields });
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${url}/api/webhooks`, { method: 'POST', headers, body });
      if (!response.ok) throw new Error(await response.text());
      const { endpoint } = (await response.json()) as { endpoint: { id: string; position: number } };
      const replay = JSON.stringify({ after: endpoint.position - REPLAYED });
      await fetch(`${url}/api/webhooks/${endpoint.id}/replay`, { method: 'POST', headers, body: replay });
    }
  }
  const [first] = await list();
  if (!first) throw new Error('There is no endpoint.');
  return first.id;
}

/** @returns the first key */
async function createKeys(url: string): Promise<string> {
  let key = '';
  for (const request of KEYS) {
    const headers = { 'content-type': 'application/json', ...(key !== '' && { authorization: `Bearer ${key}` }) };
    const response = await fetch(`${url}/api/keys`, { method: 'POST', headers, body: JSON.stringify(request) });
    if (!response.ok) throw new Error(await response.text());
    const { created } = (await response.json()) as { created: { key: string } };
    if (key === '') await sleep(KEY_PROPAGATION_MS);
    key ||= created.key;
  }
  return key;
}

function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString();
}

async function takePictures(browser: Browser, { url, out, pages, endpoint = '', key }: Options): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [device, viewport] of Object.entries(SIZES)) {
      const locale = { locale: 'en-GB', timezoneId: 'Europe/Berlin' };
      const context = await browser.newContext({ viewport, colorScheme, ...locale });
      if (key !== undefined) await context.addInitScript(`sessionStorage.setItem('lvlup.api_key', '${key}')`);
      const page = await context.newPage();
      for (const [name, path, ready] of pages) {
        await page.goto(url + path.replace('ENDPOINT', endpoint));
        await page.locator(ready).first().waitFor();
        await page.waitForTimeout(name === 'overview' ? OVERVIEW_MS : PAGE_MS);
        await page.screenshot({ path: `${out}/${name}-${device}-${colorScheme}.png` });
      }
      await context.close();
    }
  }
}

await main();
