export { type LaterStep, move, type MoveReport } from './move.js';
export { MoveRefusal } from './refusal.error.js';
export { integrityAfterwards } from './steps/integrity.step.js';
export { MOVE_STEPS } from './steps/move-steps.js';
