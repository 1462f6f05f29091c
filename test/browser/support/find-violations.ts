import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Faults of accessibility that axe finds on the page: rules, with the elements. */
export async function findViolations(page: Page): Promise<unknown[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}
