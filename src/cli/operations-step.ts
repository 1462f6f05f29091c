import { runSelfCheck } from '../self-check/index.js';
import { type PostCommitStep, MigrationRefusal } from '../legacy-migration/index.js';
import { withServices } from './with-services.js';
import type { Session } from './session.js';

/** Creates the step that tries every operation of the service and rolls back. */
export const createOperationsStep = (session: Session): PostCommitStep => ({
  name: 'operations',
  async run() {
    const checked = await withServices(session, runSelfCheck);
    const failed = checked.filter(({ ok }) => !ok);
    if (failed.length > 0) {
      throw new MigrationRefusal(
        failed.map(({ operation, error }) => `${operation}: ${error ?? 'failed'}`).join('\n'),
        'Fix the cause that the message names. `npm run cli -- check` tries all operations again.',
      );
    }
    return { changed: false, summary: [`${checked.length} operations succeeded`], details: { operations: checked } };
  },
});
