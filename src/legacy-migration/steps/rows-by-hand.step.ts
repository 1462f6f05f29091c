import { describeBrokenConstraint, validateConstraints } from '../../database/schema/index.js';
import { importRowsByHand } from '../rows-by-hand.js';
import type { MoveStep } from '../move.js';
import { repairLines } from '../repair-lines.js';

/** Takes rows that were inserted by hand into the ledger. */
export const rowsByHandStep: MoveStep = {
  name: 'rows by hand',
  async run({ manager, executor, settings }) {
    const imported = await importRowsByHand(manager, executor, settings.rules.windows);
    // What was repaired keeps the constraints.
    const broken = await validateConstraints(manager);
    const warnings = broken.map(describeBrokenConstraint);
    if (imported.rows === 0) {
      return { changed: false, summary: ['none', ...warnings], ...(broken.length > 0 && { details: { broken } }) };
    }
    return {
      changed: true,
      summary: [`${imported.rows} were taken into the ledger`, ...repairLines(imported.repaired), ...warnings],
      details: { ...imported, broken },
    };
  },
};
