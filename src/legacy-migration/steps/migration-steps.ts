import type { MoveStep } from '../move.js';
import { defaultAgentsStep } from './default-agents.step.js';
import { integrityStep } from './integrity.step.js';
import { rowsByHandStep } from './rows-by-hand.step.js';
import { schemaStep } from './schema.step.js';
import { takeOverStep } from './take-over.step.js';

/** The whole move, in its order. */
export const MOVE_STEPS: readonly MoveStep[] = [
  schemaStep,
  takeOverStep,
  rowsByHandStep,
  defaultAgentsStep,
  integrityStep,
];
