import type { CandidateName } from './candidate.js';
import type { Cell } from './measurement.js';
import type { Sample } from './sample.js';
import { isWrite, type Workload, WORKLOADS } from './workloads.js';

/** Rates of a candidate, ours unless named, over those of another one: at least so much. */
const RATE_GOALS = [
  { workload: 'hot', of: 'workers', over: 'ours', least: null },
  { workload: 'spread', of: 'workers', over: 'ours', least: null },
  { workload: 'read', of: 'workers', over: 'ours', least: null },
  { workload: 'hot', of: 'batches', over: 'ours', least: 5 },
  { workload: 'spread', of: 'batches', over: 'pgbench', least: 1 },
  { workload: 'hot', over: 'pgbench', least: 4 },
  { workload: 'hot', over: 'lean pgbench', overAt: 16, least: 2.5 },
  { workload: 'hot', over: 'one transaction', least: 12 },
  { workload: 'spread', over: 'pgbench', least: 0.75 },
  { workload: 'spread', over: 'lean pgbench', least: 0.75 },
  { workload: 'spread', over: 'one transaction', least: 4 },
  { workload: 'read', over: 'no database', least: 0.6 },
  { workload: 'read', over: 'one transaction', least: 1.8 },
] as const satisfies {
  workload: Workload;
  of?: CandidateName;
  over: CandidateName;
  /** Number of connections of the other one. Default: that of its best rate. */
  overAt?: number;
  /** Null: only measured. */
  least: number | null;
}[];

/** A lone client waits at most so much longer than with the rival. */
const LONE_CLIENT = { connections: 1, over: 'one transaction', most: 1.2 } as const;
/** In a crowd the unlucky wait at most so much longer than the usual, and nobody is refused. */
const CROWD = { connections: 256, most: 3 } as const;
/** Where ratios of rates are looked at besides the best of each. */
export const RATIO_CONNECTIONS = [64, 256] as const;

/** How a ratio compares with its goal. Null: it was not measured, or has no goal. */
export interface RateRatio {
  workload: Workload;
  of: CandidateName;
  over: CandidateName;
  /** At the same number of connections, in the order of RATIO_CONNECTIONS. */
  atConnections: (number | null)[];
  /** The best rate of ours over the best rate of the other one, each at the number of connections that suits it. */
  best: { ratio: number; ourConnections: number; theirConnections: number } | null;
  least: number | null;
  met: boolean | null;
}

export interface LatencyRatio {
  workload: Workload;
  what: string;
  connections: number;
  ratio: number | null;
  most: number;
  /** Requests of ours that were refused or got no answer. */
  failures: number;
  met: boolean | null;
}

export function rateRatios(cells: readonly Cell[]): RateRatio[] {
  return RATE_GOALS.filter(({ workload }) => cells.some((cell) => cell.workload === workload)).map((goal) => {
    const { workload, over, least } = goal;
    const of: CandidateName = 'of' in goal ? goal.of : 'ours';
    const ours = best(cells, workload, of);
    const theirs = best(
      'overAt' in goal ? cells.filter(({ connections }) => connections === goal.overAt) : cells,
      workload,
      over,
    );
    const ratio = ours && theirs ? ours.median.perSecond / theirs.median.perSecond : null;
    return {
      ...goal,
      of,
      atConnections: RATIO_CONNECTIONS.map((connections) =>
        quotient(
          sampleAt(cells, workload, of, connections)?.perSecond,
          sampleAt(cells, workload, over, connections)?.perSecond,
        ),
      ),
      best:
        ours && theirs && ratio !== null
          ? { ratio, ourConnections: ours.connections, theirConnections: theirs.connections }
          : null,
      met: ratio === null || least === null ? null : ratio >= least,
    };
  });
}

export function latencyRatios(cells: readonly Cell[]): LatencyRatio[] {
  const workloads = WORKLOADS.filter((workload) => cells.some((cell) => cell.workload === workload));
  return [
    ...workloads.filter(isWrite).map((workload) => {
      const ours = sampleAt(cells, workload, 'ours', LONE_CLIENT.connections);
      const theirs = sampleAt(cells, workload, LONE_CLIENT.over, LONE_CLIENT.connections);
      const what = `p50 of a result, ours / ${LONE_CLIENT.over}`;
      return latencyRatio(workload, what, LONE_CLIENT, quotient(ours?.p50, theirs?.p50), ours);
    }),
    ...workloads.map((workload) => {
      const ours = sampleAt(cells, workload, 'ours', CROWD.connections);
      return latencyRatio(workload, 'p99 / p50, ours', CROWD, quotient(ours?.p99, ours?.p50), ours);
    }),
  ];
}

function latencyRatio(
  workload: Workload,
  what: string,
  { connections, most }: { connections: number; most: number },
  ratio: number | null,
  ours: Sample | undefined,
): LatencyRatio {
  const failures = ours ? ours.refused + ours.lost : 0;
  return {
    workload,
    what,
    connections,
    ratio,
    most,
    failures,
    met: ratio === null ? null : ratio <= most && failures === 0,
  };
}

function best(cells: readonly Cell[], workload: Workload, candidate: CandidateName): Cell | undefined {
  return cells
    .filter((cell) => cell.workload === workload && cell.candidate === candidate)
    .sort((a, b) => b.median.perSecond - a.median.perSecond)[0];
}

function sampleAt(
  cells: readonly Cell[],
  workload: Workload,
  candidate: CandidateName,
  connections: number,
): Sample | undefined {
  return cells.find(
    (cell) => cell.workload === workload && cell.candidate === candidate && cell.connections === connections,
  )?.median;
}

/** Null also if the other one did nothing. */
function quotient(dividend: number | undefined, divisor: number | undefined): number | null {
  return dividend === undefined || !divisor ? null : dividend / divisor;
}
