import type { Machine } from '../machine.js';
import { markdownTable } from '../markdown-table.js';
import { disturbance } from '../other-programs.js';
import type { MeasuredRequest } from './measurement.js';

/** Everything that a run found out. */
export interface AnalyticsResults {
  machine: Machine;
  agents: number;
  ledgers: LedgerReport[];
  /** How often each request was measured with each ledger. */
  times: number;
  requests: MeasuredRequest[];
}

interface LedgerReport {
  events: number;
  /** Of its database, indexes and rollups included. */
  bytes: number;
}

/** The results as markdown. */
export function report({ machine, agents, ledgers, times, requests }: AnalyticsResults): string {
  const sizes = ledgers.map(({ bytes }) => `${(bytes / 1e9).toFixed(2)} GB`);
  return [
    `Median of ${count(times)} requests, one at a time. ${count(agents)} agents in each database; the databases have ` +
      `${sizes.join(' and ')}. ${machine.cores} cores (${machine.processor}), Node ${machine.node}, ` +
      `PostgreSQL ${machine.postgres}; a commit takes ${machine.commitMs.toFixed(2)} ms. ${disturbance('requests', requests)}`,
    markdownTable(
      ['request', ...ledgers.map(({ events }) => `${count(events)} events: p50 (ms)`), 'ratio'],
      requests.map(({ request, timings, ratio }) => [
        `\`${request}\``,
        ...timings.map(({ p50 }) => p50.toFixed(2)),
        ratio.toFixed(2),
      ]),
    ),
  ].join('\n\n');
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}
