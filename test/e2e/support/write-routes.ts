import { createFullAdversarialTest } from '../../factories/adversarial-test.factory.js';
import { createFullCustodyTest } from '../../factories/custody-test.factory.js';
import { createLearning } from '../../factories/learning.factory.js';
import { createFullUpdate } from '../../factories/metrics-update.factory.js';
import { agentPath, BULK_UPDATE } from './paths.js';
import {
  ADVERSARIAL_TEST_FIELDS,
  CUSTODY_TEST_FIELDS,
  CUSTODY_XP_FIELDS,
  type Kind,
  LEARNING_FIELDS,
  PUT_FIELDS,
} from './wrong-values.js';

/** A route that takes fields in a body. */
export interface WriteRoute {
  name: string;
  method: string;
  path: (agentType: string) => string;
  /** Every field, with the kind of its values. */
  fields: Record<string, Kind>;
  /** A body with every field, all of them right. */
  body: object;
  /** Fields that cannot be left out. */
  required: string[];
  /** Whether null means the same as leaving a field out, where that may be. */
  nullable?: true;
}

/** The routes that write to the agent in their path. */
export const AGENT_ROUTES: WriteRoute[] = [
  {
    name: 'PUT',
    method: 'PUT',
    path: (type) => agentPath(type),
    fields: PUT_FIELDS,
    body: createFullUpdate(),
    required: [],
  },
  {
    name: 'custody-test',
    method: 'POST',
    path: (type) => agentPath(type, 'custody-test'),
    fields: CUSTODY_TEST_FIELDS,
    body: createFullCustodyTest(),
    required: ['passed', 'score', 'duration'],
    nullable: true,
  },
  {
    name: 'adversarial-test',
    method: 'POST',
    path: (type) => agentPath(type, 'adversarial-test'),
    fields: ADVERSARIAL_TEST_FIELDS,
    body: createFullAdversarialTest(),
    required: ['score', 'is_winner'],
    nullable: true,
  },
  {
    name: 'learning',
    method: 'POST',
    path: (type) => agentPath(type, 'learning'),
    fields: LEARNING_FIELDS,
    body: createLearning(),
    required: [],
    nullable: true,
  },
  {
    name: 'custody-xp',
    method: 'POST',
    path: (type) => agentPath(type, 'custody-xp'),
    fields: CUSTODY_XP_FIELDS,
    body: { amount: 50 },
    required: ['amount'],
  },
];

/** Those and the bulk update. */
export const WRITE_ROUTES: WriteRoute[] = [
  ...AGENT_ROUTES,
  {
    name: 'bulk-update',
    method: 'POST',
    path: () => BULK_UPDATE,
    fields: { updates: 'document' },
    body: { updates: { guardian: createFullUpdate() } },
    required: ['updates'],
  },
];
