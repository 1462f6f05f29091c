import { expect } from '@jest/globals';
import type { TestApp } from '../../support/test-app.js';

/** The samples of /metrics: name and labels, as they are written there, with their values. */
export async function metricsOf({ url }: Pick<TestApp, 'url'>): Promise<Map<string, number>> {
  const response = await fetch(`${url}/metrics`);
  expect(response.status).toBe(200);
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

/** How much each sample grew while the work ran; what did not is left out. */
export async function growth(app: Pick<TestApp, 'url'>, work: () => Promise<unknown>): Promise<Map<string, number>> {
  const before = await metricsOf(app);
  await work();
  const after = await metricsOf(app);
  return new Map(
    [...after].map(([name, value]) => [name, value - (before.get(name) ?? 0)] as const).filter(([, by]) => by !== 0),
  );
}
