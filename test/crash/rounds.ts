/** How often each scenario makes its failure happen; CRASH_ROUNDS is the long form's number. */
export const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 2);
if (!Number.isInteger(ROUNDS) || ROUNDS < 1) throw new Error('CRASH_ROUNDS must be an integer from 1');

const FIXED_LIMIT_MS = 60_000;
const LIMIT_OF_A_ROUND_MS = 30_000;

/** How long a scenario of that many rounds may take, on a slow machine that others use as well. */
export const SCENARIO_LIMIT_MS = FIXED_LIMIT_MS + ROUNDS * LIMIT_OF_A_ROUND_MS;
