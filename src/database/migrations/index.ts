import { CreateAgentMetrics1795407160070 } from './1795407160070-CreateAgentMetrics.js';
import { AddRollups1795427000000 } from './1795427000000-AddRollups.js';

/** Every migration, oldest first. */
export const MIGRATIONS = [CreateAgentMetrics1795407160070, AddRollups1795427000000];
