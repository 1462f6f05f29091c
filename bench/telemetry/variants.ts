import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BenchServer } from '../bench-server.js';
import { type Candidate, httpCandidate } from '../candidate.js';
import { CountedResults } from '../counted-results.js';
import { type NodeProcess, startNode } from '../node-process.js';
import { MAIN, variablesOf } from '../our-service.js';

export const VARIANTS = ['none', 'metrics', 'metrics, log', 'metrics, log, traces'] as const;
export type Variant = (typeof VARIANTS)[number];

/** The service with more or less telemetry, on a database of its own. */
export interface StartedVariant {
  variant: Variant;
  pid: number;
  measure: Candidate['measure'];
}

export interface StartedVariants {
  all: StartedVariant[];
  stop(): Promise<void>;
}

export async function startVariants(server: BenchServer, template: string): Promise<StartedVariants> {
  const collector = await startCollector();
  const started: NodeProcess[] = [];
  const stop = async () => {
    for (const service of started) await service.stop();
    collector.close();
  };
  const variables: Record<Variant, Record<string, string>> = {
    none: { LOG_LEVEL: 'warn', METRICS: 'off', LOG_REQUESTS: 'off' },
    metrics: { LOG_LEVEL: 'warn', LOG_REQUESTS: 'off' },
    'metrics, log': {},
    'metrics, log, traces': { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint },
  };
  try {
    const all: StartedVariant[] = [];
    for (const [index, variant] of VARIANTS.entries()) {
      const database = await server.createDatabase(`bench_telemetry_${index}`, template);
      const service = await startNode([MAIN], { ...variablesOf(database, true), ...variables[variant] }, 'read');
      started.push(service);
      const { measure } = httpCandidate('ours', service.url, database, await CountedResults.of(database));
      all.push({ variant, pid: service.pid, measure });
    }
    return { all, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Takes all spans, and does nothing with them. */
async function startCollector(): Promise<{ endpoint: string; close: () => void }> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.end('{}'));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { endpoint: `http://127.0.0.1:${port}`, close };
}
