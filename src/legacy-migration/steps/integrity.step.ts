import type { DataSource } from 'typeorm';
import { type OnProgress, type VerificationResult, verify, verifyIn } from '../../verification/index.js';
import type { PostCommitStep, MigrationContext, MigrationStep, StepResult } from '../migrate.js';
import { MigrationRefusal } from '../refusal.error.js';

/** Maximum number of differences in a message. */
const MAX_NAMED = 20;
const ADVICE = '`npm run cli -- verify` lists all of them, and `npm run cli -- rebuild` corrects rows and rollups.';

/**
 * Verifies the ledger before the COMMIT if the tables were created in this transaction. Existing tables are verified after
 * the COMMIT in a snapshot, because services can write to them.
 */
export const integrityStep: MigrationStep = {
  name: 'integrity',
  async run({ manager, madeTables, progress }) {
    if (!madeTables) return { changed: false, summary: ['checked after the commit'] };
    return toStepResult(await verifyIn(manager, toOnProgress(progress)), 'Nothing was changed.');
  },
};

/** Verifies the ledger after the COMMIT, unless that was done before. */
export const createPostCommitIntegrityStep = (dataSource: DataSource): PostCommitStep => ({
  name: 'integrity afterwards',
  async run({ madeTables, progress }) {
    if (madeTables) return { changed: false, summary: ['checked before the commit'] };
    return toStepResult(await verify(dataSource, toOnProgress(progress)), ADVICE);
  },
});

function toOnProgress(progress: MigrationContext['progress']): OnProgress {
  return ({ agents, totalAgents }) => {
    progress(agents, totalAgents, `${agents} of ${totalAgents} agents`);
  };
}

function toStepResult({ agents, events, differences, named }: VerificationResult, advice: string): StepResult {
  if (differences === 0) {
    const summary = `${agents} agents and ${events} events: nothing differs`;
    return { changed: false, summary: [summary], details: { agents, events } };
  }
  const first = named
    .slice(0, MAX_NAMED)
    .map(({ agent_type, in: place, problem }) => `${agent_type}: ${place}: ${problem}`);
  throw new MigrationRefusal([`${differences} values differ from the ledger`, ...first].join('\n'), advice);
}
