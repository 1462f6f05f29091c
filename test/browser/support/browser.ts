import { afterAll, afterEach, beforeAll, describe } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const CHROMIUM = [
  process.env['CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const ARGUMENTS = ['--no-sandbox', '--disable-background-networking', '--enable-precise-memory-info'];
/** Console messages of a failed request, which tests may cause. */
const FAILED_REQUEST = 'Failed to load resource';

const executablePath = CHROMIUM.find((path) => path !== '' && existsSync(path));
const { paths } = JSON.parse(readFileSync('openapi.json', 'utf8')) as {
  paths: Record<string, { get?: { parameters?: { name: string }[] } }>;
};

/** Whether the service has the feed. */
export const HAS_FEED = '/api/feed' in paths;
/** Whether the service computes earlier states. */
export const HAS_AS_OF =
  paths['/api/agent-metrics/{agent_type}']?.get?.parameters?.some(({ name }) => name === 'as_of') === true;

/** Pages of one test file. */
export interface TestBrowser {
  /** Opens a page in a context of its own, which is closed after the test. */
  open(url: string, options?: BrowserContextOptions): Promise<Page>;
  /** Errors of all pages: exceptions, refused scripts and styles. */
  errors: string[];
}

/** Waits for an element. The error states what the page shows instead. */
export async function waitFor(page: Page, selector: string): Promise<void> {
  await page
    .locator(selector)
    .first()
    .waitFor()
    .catch(async (cause: unknown) => {
      const shown = await page.locator('body').innerText();
      throw new Error(`${page.url()} does not show ${selector}, but:\n${shown}`, { cause });
    });
}

/** Groups tests that need Chromium. They are skipped where there is none. */
export function describeInBrowser(name: string, define: (browser: TestBrowser) => void): void {
  if (executablePath === undefined) {
    describe.skip(`${name} (skipped: no Chromium; install it or set CHROMIUM)`, () => {
      define({ open: () => Promise.reject(new Error('There is no browser.')), errors: [] });
    });
    return;
  }
  describe(name, () => {
    let browser: Browser;
    const contexts: BrowserContext[] = [];
    const errors: string[] = [];
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath, args: ARGUMENTS });
    });
    // An open page keeps reading the feed, which slows the next test down.
    afterEach(async () => {
      await Promise.all(contexts.splice(0).map((context) => context.close()));
    });
    afterAll(() => browser.close());
    define({
      errors,
      open: async (url, options = {}) => {
        const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin', ...options });
        contexts.push(context);
        const page = await context.newPage();
        page.on('pageerror', ({ message }) => errors.push(message));
        page.on('console', (message) => {
          if (message.type() === 'error' && !message.text().startsWith(FAILED_REQUEST)) errors.push(message.text());
        });
        await page.goto(url);
        return page;
      },
    });
  });
}
