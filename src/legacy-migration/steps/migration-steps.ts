import type { MigrationStep } from '../migrate.js';
import { defaultAgentsStep } from './default-agents.step.js';
import { integrityStep } from './integrity.step.js';
import { manualRowsStep } from './manual-rows.step.js';
import { schemaStep } from './schema.step.js';
import { migrateRowsStep } from './migrate-rows.step.js';

/** The steps of the legacy migration, in order. */
export const MIGRATION_STEPS: readonly MigrationStep[] = [
  schemaStep,
  migrateRowsStep,
  manualRowsStep,
  defaultAgentsStep,
  integrityStep,
];
