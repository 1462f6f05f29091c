import type { DataSource } from 'typeorm';
import { type OnProgress, type VerificationResult, verify, verifyIn } from '../../verification/index.js';
import type { LaterStep, Move, MoveStep, StepResult } from '../move.js';
import { MoveRefusal } from '../refusal.error.js';

/** Differences that the message of a failure names. */
const NAMED = 20;
const ADVICE = '`npm run cli -- verify` names all of them, and `npm run cli -- rebuild` mends rows and rollups.';

/**
 * Checks every number that was taken over against the ledger, before the COMMIT: what isn't right never comes to be. In
 * tables that were there before, others may be writing, so that only a moment of their own shows what fits together.
 */
export const integrityStep: MoveStep = {
  name: 'integrity',
  async run({ manager, madeTables, progress }) {
    if (!madeTables) return { changed: false, summary: ['to be checked afterwards'] };
    return resultOf(await verifyIn(manager, reportTo(progress)), 'Nothing was changed.');
  },
};

/** Checks every number against the ledger, where that wasn't done before the COMMIT. */
export const integrityAfterwards = (dataSource: DataSource): LaterStep => ({
  name: 'integrity afterwards',
  async run({ madeTables, progress }) {
    if (madeTables) return { changed: false, summary: ['was checked before'] };
    return resultOf(await verify(dataSource, reportTo(progress)), ADVICE);
  },
});

function reportTo(progress: Move['progress']): OnProgress {
  return ({ agents, totalAgents }) => {
    progress(agents, totalAgents, `${agents} of ${totalAgents} agents`);
  };
}

function resultOf({ agents, events, differences, named }: VerificationResult, advice: string): StepResult {
  if (differences === 0) {
    const summary = `${agents} agents and ${events} events: nothing differs`;
    return { changed: false, summary: [summary], details: { agents, events } };
  }
  const first = named
    .slice(0, NAMED)
    .map(({ agent_type, in: place, problem }) => `${agent_type}: ${place}: ${problem}`);
  throw new MoveRefusal([`${differences} numbers are not what the ledger says`, ...first].join('\n'), advice);
}
