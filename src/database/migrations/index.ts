import { CreateAgentMetrics1795407160070 } from './1795407160070-CreateAgentMetrics.js';

/** Every migration, oldest first. */
export const MIGRATIONS = [CreateAgentMetrics1795407160070];
