export { type PostCommitStep, migrate, type MigrationReport } from './migrate.js';
export { MigrationRefusal } from './refusal.error.js';
export { createPostCommitIntegrityStep } from './steps/integrity.step.js';
export { MIGRATION_STEPS } from './steps/migration-steps.js';
