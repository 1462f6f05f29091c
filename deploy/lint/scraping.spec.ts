import { readFileSync } from 'node:fs';
import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { readManifests } from './manifest-files.js';
import { serviceFacts } from './service-facts.js';

interface ScrapeConfig {
  metrics_path: string;
  authorization?: { credentials_file?: string };
  relabel_configs: { source_labels: string[]; regex: string; action: string }[];
}

const { scrape_configs } = parse(readFileSync('deploy/prometheus/kubernetes.yml', 'utf8')) as {
  scrape_configs: ScrapeConfig[];
};
const deployment = readManifests('deploy/kubernetes').find(({ kind }) => kind === 'Deployment') as IDeployment;
const pod = deployment.spec?.template;

describe('scraping in Kubernetes', () => {
  it('shows a key, which /metrics needs there', () => {
    for (const { metrics_path, authorization } of scrape_configs) {
      expect(serviceFacts().paths).toContain(metrics_path);
      expect(authorization?.credentials_file).toMatch(/^\//);
    }
  });

  it('is not announced to who has no key', () => {
    expect(Object.keys(pod?.metadata?.annotations ?? {}).filter((name) => name.startsWith('prometheus.io/'))).toEqual(
      [],
    );
  });

  it('finds the pods, at the port that they have', () => {
    const kept = Object.fromEntries(
      (scrape_configs[0]?.relabel_configs ?? []).map(({ source_labels: [label = ''], regex }) => [label, regex]),
    );
    expect(kept['__meta_kubernetes_pod_label_app_kubernetes_io_name']).toBe(
      pod?.metadata?.labels?.['app.kubernetes.io/name'],
    );
    const ports = pod?.spec?.containers.flatMap(({ ports = [] }) => ports.map(({ name }) => name));
    expect(ports).toContain(kept['__meta_kubernetes_pod_container_port_name']);
  });
});
