import type { Candidate, CandidateName } from './candidate.js';
import type { BenchOptions } from './options.js';
import { coresInUseByOthers } from './other-programs.js';
import { medianSample, type Sample } from './sample.js';
import type { Workload } from './workloads.js';

/** Each service runs this long under each workload before the first round: code is compiled, pools are filled. */
const WARM_UP_SECONDS = 2;

/** Measured cells and their results. */
export interface Cell {
  workload: Workload;
  connections: number;
  candidate: CandidateName;
  median: Sample;
  rounds: Round[];
}

/** A cell in one round. */
export interface Round extends Sample {
  /** Cores that other programs kept busy just before. */
  coresInUseByOthers: number;
}

/**
 * Measures every cell once a round. Candidates follow each other within a workload and number of connections, in
 * another order each round, so that whatever else the machine does hits all of them alike.
 */
export async function measureAll(
  candidates: readonly Candidate[],
  { workloads, connections, rounds, seconds }: BenchOptions,
  log: (message: string) => void,
): Promise<Cell[]> {
  for (const workload of workloads) {
    for (const candidate of candidates.filter(({ takes }) => takes(workload))) {
      log(`warm-up: ${workload}, ${candidate.name}`);
      await candidate.measure(workload, Math.max(...connections), WARM_UP_SECONDS);
    }
  }
  const cells = workloads.flatMap((workload) =>
    connections.flatMap((count) => [
      candidates
        .filter(({ takes }) => takes(workload))
        .map((candidate) => ({ workload, connections: count, candidate, rounds: [] as Round[] })),
    ]),
  );
  for (let round = 0; round < rounds; round++) {
    for (const cell of cells.flatMap((group) => rotated(group, round))) {
      const { workload, connections: count, candidate } = cell;
      const others = await coresInUseByOthers();
      const sample = await candidate.measure(workload, count, seconds);
      cell.rounds.push({ ...sample, coresInUseByOthers: others });
      log(
        `round ${round + 1}: ${workload}, ${count} connections, ${candidate.name}: ${sample.perSecond.toFixed(0)}/s ` +
          `(others: ${others.toFixed(1)} cores)`,
      );
    }
  }
  return cells.flat().map((cell) => ({ ...cell, candidate: cell.candidate.name, median: medianSample(cell.rounds) }));
}

function rotated<T>(items: readonly T[], by: number): T[] {
  const first = by % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}
