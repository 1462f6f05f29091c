import { describeBrokenConstraint, validateConstraints } from '../../database/schema/index.js';
import { recordManualRows } from '../manual-rows.js';
import type { MigrationStep } from '../migrate.js';
import { formatRepairs } from '../repair-lines.js';

/** Records events for manually inserted rows. */
export const manualRowsStep: MigrationStep = {
  name: 'manual rows',
  async run({ manager, executor, settings }) {
    const imported = await recordManualRows(manager, executor, settings.rules.windows);
    // The repaired rows satisfy the constraints.
    const broken = await validateConstraints(manager);
    const warnings = broken.map(describeBrokenConstraint);
    if (imported.rows === 0) {
      return { changed: false, summary: ['none', ...warnings], ...(broken.length > 0 && { details: { broken } }) };
    }
    return {
      changed: true,
      summary: [`${imported.rows} rows were recorded in the ledger`, ...formatRepairs(imported.repaired), ...warnings],
      details: { ...imported, broken },
    };
  },
};
