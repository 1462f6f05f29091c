/** Outcomes of a test. `errored`: the harness failed, and the agent is not judged. */
export const OUTCOMES = ['passed', 'failed', 'errored'] as const;
/** Outcome of a test. */
export type Outcome = (typeof OUTCOMES)[number];

/** Whether a result was passed; null if it errored. `passed` and `outcome` must agree; one of them is enough. */
export function isPassed({
  passed,
  outcome,
}: {
  passed?: boolean | null | undefined;
  outcome?: Outcome | undefined;
}): boolean | null {
  if (outcome === 'errored') return null;
  return outcome === undefined ? (passed ?? null) : outcome === 'passed';
}

/** Outcome of a recorded test. */
export function toOutcome(passed: boolean | null): Outcome {
  if (passed === null) return 'errored';
  return passed ? 'passed' : 'failed';
}
