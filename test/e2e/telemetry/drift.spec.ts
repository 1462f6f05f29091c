import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ERROR_STATUS } from '../../../src/http/problems/error-status.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { agentPath } from '../support/paths.js';
import { metricsOf } from '../support/metrics.js';
import { sent } from '../support/read.js';

const METRIC = /\b(?:lvlup|nodejs|process)_[a-z0-9_]+/g;
/** A metric with what is asked of its labels, as PromQL has it. */
const SELECTOR = /\b((?:lvlup|nodejs|process)_[a-z0-9_]+)\{([^}]*)\}/g;
const MATCHER = /(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"/g;
/** Labels that Prometheus adds by itself. */
const OF_PROMETHEUS = ['job', 'instance'];

let app: TestApp;
/** The labels of each metric that /metrics gives. */
const labels = new Map<string, Set<string>>();
beforeAll(async () => {
  app = await startTestApp();
  await sent(app, 'POST', agentPath('guardian', 'custody-xp'), { amount: 1 });
  for (const sample of (await metricsOf(app)).keys()) {
    const [name = '', rest = ''] = sample.split('{', 2);
    const known = labels.get(name) ?? new Set();
    for (const [, label = ''] of rest.matchAll(/(\w+)="/g)) known.add(label);
    labels.set(name, known);
  }
});
afterAll(() => app.close());

/** The PromQL in a file: all of it that names metrics. */
const expressionsIn = {
  'deploy/prometheus/alerts.yml': (text: string) => text.replace(/^ *(summary|annotations):.*$/gm, ''),
  'deploy/grafana/dashboard.json': (text: string) =>
    (JSON.parse(text) as { panels: { targets?: { expr: string }[] }[] }).panels
      .flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
      .join('\n'),
};

describe.each(Object.entries(expressionsIn))('%s', (file, expressionsOf) => {
  it('uses metrics and labels of /metrics', async () => {
    const text = expressionsOf(await readFile(file, 'utf8'));
    const names = [...new Set(text.match(METRIC))];
    expect(names.length).toBeGreaterThan(8);
    expect(names.filter((name) => !labels.has(name))).toEqual([]);
    for (const [, name = '', matchers = ''] of text.matchAll(SELECTOR)) {
      for (const [, label = '', value = ''] of matchers.matchAll(MATCHER)) {
        expect([...OF_PROMETHEUS, ...(labels.get(name) ?? [])]).toContain(label);
        if (label !== 'result') continue;
        const codes = Object.keys(ERROR_STATUS).filter((code) => new RegExp(`^(?:${value})$`).test(code));
        expect({ value, codes }).not.toEqual({ value, codes: [] });
      }
    }
  });
});

describe('the counter of results', () => {
  it('has a series at zero for each, which alerts require', async () => {
    const samples = await metricsOf(app);
    for (const code of Object.keys(ERROR_STATUS)) {
      expect([code, samples.get(`lvlup_http_results_total{result="${code}"}`)]).toEqual([code, 0]);
    }
  });
});

describe('the dashboard', () => {
  it('has every metric of the service', async () => {
    const dashboard = await readFile('deploy/grafana/dashboard.json', 'utf8');
    expect(ours().filter((name) => !dashboard.includes(name))).toEqual([]);
  });
});

describe('docs/telemetry.md', () => {
  it('documents every metric of the service, and no other', async () => {
    const text = await readFile('docs/telemetry.md', 'utf8');
    const explained = [...text.matchAll(/^\| `(lvlup_\w+)` +\|/gm)].map(([, name]) => name);
    expect(explained.sort()).toEqual(ours().sort());
  });
});

/** The metrics of the service's own, without what a histogram adds to its name. */
function ours(): string[] {
  const names = [...labels.keys()].filter((name) => name.startsWith('lvlup_'));
  return [...new Set(names.map((name) => name.replace(/_(bucket|sum|count)$/, '')))];
}
