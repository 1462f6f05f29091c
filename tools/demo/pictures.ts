import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

const USAGE = `node --import @swc-node/register/esm-register tools/demo/pictures.ts [--url http://127.0.0.1:8000] [--out docs/img] [--only NAME,…]

Takes the pictures of docs/dashboard.md from a demo that was started with WEBHOOK_ALLOW_PRIVATE=on. Requires Chromium
(/usr/bin/chromium, or the path in CHROMIUM).
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
  ['keys', '/keys', '.facts'],
] as const;
const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
/** Activity arrives in this time. */
const OVERVIEW_MS = 9_000;
const PAGE_MS = 1_500;
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
  only: string[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: 'http://127.0.0.1:8000' },
      out: { type: 'string', default: 'docs/img' },
      only: { type: 'string', default: PAGES.map(([name]) => name).join(',') },
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
    const endpoint = await createEndpoints(values.url);
    await takePictures(browser, endpoint, { url: values.url, out: values.out, only: values.only.split(',') });
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

async function takePictures(browser: Browser, endpoint: string, { url, out, only }: Options): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [device, viewport] of Object.entries(SIZES)) {
      const context = await browser.newContext({
        viewport,
        colorScheme,
        locale: 'en-GB',
        timezoneId: 'Europe/Berlin',
      });
      const page = await context.newPage();
      for (const [name, path, ready] of PAGES.filter((shown) => only.includes(shown[0]))) {
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
