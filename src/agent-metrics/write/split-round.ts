import type { Outcome } from './decided-round.js';
import type { UnitOfWork } from './unit-of-work.js';

/** Units of work that are settled together, with their outcomes in the same order. */
export interface Submission {
  units: readonly UnitOfWork[];
  settle: (outcomes: readonly Outcome[]) => void;
}

export function toUnits(submissions: readonly Submission[]): UnitOfWork[] {
  return submissions.flatMap(({ units }) => units);
}

/**
 * Splits the units of a round into groups without common agents. The units of an agent remain in order. Each unit becomes a
 * submission of its own; a submission of the round is settled when all of its units are.
 */
export function splitByAgent(round: readonly Submission[]): Submission[][] {
  let groups: { agentTypes: ReadonlySet<string>; submissions: Submission[] }[] = [];
  for (const submission of round.flatMap(settleEach)) {
    const agentTypes = submission.units.flatMap(({ commands }) => commands.map(({ agentType }) => agentType));
    const joined = groups.filter((group) => agentTypes.some((agentType) => group.agentTypes.has(agentType)));
    groups = [
      ...groups.filter((group) => !joined.includes(group)),
      {
        agentTypes: new Set([...joined.flatMap((group) => [...group.agentTypes]), ...agentTypes]),
        submissions: [...joined.flatMap(({ submissions }) => submissions), submission],
      },
    ];
  }
  return groups.map(({ submissions }) => submissions);
}

/** Settles the units of a submission one by one, and the submission with the last. */
function settleEach({ units, settle }: Submission): Submission[] {
  const outcomes: Outcome[] = [];
  let missing = units.length;
  if (missing === 0) settle([]);
  return units.map((unit, index) => ({
    units: [unit],
    settle: ([outcome]) => {
      if (outcome) outcomes[index] = outcome;
      missing -= 1;
      if (missing === 0) settle(outcomes);
    },
  }));
}
