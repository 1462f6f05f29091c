import type { EventSize } from './event-size.js';
import { type LatencyRatio, type RateRatio, RATIO_CONNECTIONS } from './goals.js';
import type { Machine } from './machine.js';
import { markdownTable } from './markdown-table.js';
import type { Cell } from './measurement.js';
import { disturbance } from './other-programs.js';

/** Everything that a run found out. */
export interface Results {
  machine: Machine;
  seconds: number;
  rounds: number;
  prepared: boolean;
  cells: Cell[];
  rateRatios: RateRatio[];
  latencyRatios: LatencyRatio[];
  eventSize: EventSize | null;
}

const UNITS = { hot: 'results/s', spread: 'results/s', read: 'reads/s' };

/** The results as markdown. */
export function report(results: Results): string {
  const { machine, seconds, rounds, prepared } = results;
  return [
    `Median of ${rounds} × ${seconds} s. ${machine.cores} cores (${machine.processor}), Node ${machine.node}, ` +
      `PostgreSQL ${machine.postgres}, ${machine.pgbench ?? 'pgbench is not installed'}; ` +
      `a commit takes ${machine.commitMs.toFixed(2)} ms. Statements ${prepared ? 'are' : 'of the services are not'} prepared. ` +
      disturbance(
        'cells',
        results.cells.flatMap(({ rounds }) => rounds),
      ),
    markdownTable(
      ['workload', 'connections', 'candidate', 'per second', 'of the rounds', 'p50 (ms)', 'p99 (ms)', 'failures'],
      results.cells.map(cellRow),
    ),
    'Ratios, not times, are the result: both sides ran on the same machine, one after the other.',
    markdownTable(
      ['ratio of rates', ...RATIO_CONNECTIONS.map((count) => `at ${count}`), 'best / best', 'goal', 'met'],
      results.rateRatios.map(rateRow),
    ),
    markdownTable(
      ['ratio of times', 'connections', 'ratio', 'failures', 'goal', 'met'],
      results.latencyRatios.map(latencyRow),
    ),
    ...sizeLine(results.eventSize),
  ].join('\n\n');
}

function sizeLine(size: EventSize | null): string[] {
  if (!size) return [];
  const { withoutKey, withKey, indexes, most, met } = size;
  return [
    `An event takes ${bytes(withoutKey)} in the table without an idempotency key (goal ≤ ${most}, met: ${metText(met)}), ` +
      `${bytes(withKey)} with one, and ${bytes(indexes)} in indexes.`,
  ];
}

function bytes(size: number | null): string {
  return size === null ? '–' : `${rate(size)} bytes`;
}

function cellRow({ workload, connections, candidate, median, rounds }: Cell): string[] {
  const rates = rounds.map(({ perSecond }) => perSecond);
  return [
    workload,
    String(connections),
    candidate,
    rate(median.perSecond),
    `${rate(Math.min(...rates))}–${rate(Math.max(...rates))}`,
    median.p50.toFixed(2),
    median.p99.toFixed(2),
    String(median.refused + median.lost),
  ];
}

function rateRow({ workload, of, over, atConnections, best, least, met }: RateRatio): string[] {
  return [
    `${workload}, ${UNITS[workload]}: ${of} / ${over}`,
    ...atConnections.map(ratioText),
    best ? `${ratioText(best.ratio)} (at ${best.ourConnections} / ${best.theirConnections})` : '–',
    least === null ? 'measured' : `≥ ${least}`,
    least === null ? '–' : metText(met),
  ];
}

function latencyRow({ workload, what, connections, ratio, failures, most, met }: LatencyRatio): string[] {
  return [
    `${workload}: ${what}`,
    String(connections),
    ratioText(ratio),
    String(failures),
    `≤ ${most}, none refused`,
    metText(met),
  ];
}

function rate(perSecond: number): string {
  return Math.round(perSecond).toLocaleString('en-US');
}

function ratioText(ratio: number | null): string {
  return ratio?.toFixed(2) ?? '–';
}

function metText(met: boolean | null): string {
  return met === null ? 'not measured' : met ? 'yes' : 'no';
}
