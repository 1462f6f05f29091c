import { coresInUseByOthers } from '../other-programs.js';
import { median, type Sample } from '../sample.js';
import type { Workload } from '../workloads.js';
import { countInstructions } from './instructions.js';
import type { TelemetryOptions } from './options.js';
import type { StartedVariant, Variant } from './variants.js';

const WARM_UP_SECONDS = 6;

/** A variant under a workload in one round. */
export interface Round extends Sample {
  /** Of the service's process, for each request; null: they cannot be counted here. */
  instructions: number | null;
  coresInUseByOthers: number;
}

export interface Cell {
  workload: Workload;
  variant: Variant;
  rounds: Round[];
}

/** Measures every cell once a round. Variants follow each other, in another order each round. */
export async function measureAll(
  variants: readonly StartedVariant[],
  { workloads, connections, rounds, seconds }: TelemetryOptions,
  log: (message: string) => void,
): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const workload of workloads) {
    const measured = variants.map((started) => ({
      started,
      cell: { workload, variant: started.variant, rounds: [] as Round[] },
    }));
    for (const { started } of measured) await started.measure(workload, connections, WARM_UP_SECONDS);
    for (let round = 0; round < rounds; round++) {
      for (const { started, cell } of [...measured.slice(round % 4), ...measured.slice(0, round % 4)]) {
        const others = await coresInUseByOthers();
        const [sample, count] = await countInstructions(started.pid, () =>
          started.measure(workload, connections, seconds),
        );
        const instructions = count === null ? null : count / sample.acknowledged;
        cell.rounds.push({ ...sample, instructions, coresInUseByOthers: others });
        log(`round ${round + 1}: ${workload}, ${cell.variant}: ${sample.perSecond.toFixed(0)}/s`);
      }
    }
    cells.push(...measured.map(({ cell }) => cell));
  }
  return cells;
}

/** Ratio of a variant to the service without telemetry: median of the ratios of the rounds. */
export function ratio(cells: readonly Cell[], cell: Cell, of: (round: Round) => number | null): number | null {
  const none = cells.find(({ workload, variant }) => workload === cell.workload && variant === 'none');
  const ratios = cell.rounds.flatMap((round, index) => {
    const [ours, theirs] = [of(round), none?.rounds[index] ? of(none.rounds[index]) : null];
    return ours === null || theirs === null ? [] : [ours / theirs];
  });
  return ratios.length === 0 ? null : median(ratios);
}
