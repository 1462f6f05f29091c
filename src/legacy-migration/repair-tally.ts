import { type Repair, REPAIR_RULES, type RepairRule } from './rules/repair.js';

/** Maximum number of agents whose repairs are in the report. */
const AGENTS_NAMED = 100;

export interface RepairReport {
  agents: number;
  repairs: number;
  /** Number of repairs by column and rule, in descending order. */
  by_rule: { field: string; rule: RepairRule; meaning: string; count: number }[];
  /** Repairs of the first 100 agents. */
  first: { agent_type: string; repairs: Repair[] }[];
}

/** Counts repairs, and keeps those of the first agents. */
export class RepairTally {
  private agents = 0;
  private repairs = 0;
  private readonly counts = new Map<string, { field: string; rule: RepairRule; count: number }>();
  private readonly first: RepairReport['first'] = [];

  add(agent_type: string, repairs: Repair[]): void {
    if (repairs.length === 0) return;
    this.agents += 1;
    this.repairs += repairs.length;
    if (this.first.length < AGENTS_NAMED) this.first.push({ agent_type, repairs });
    for (const { field, why } of repairs) {
      const key = `${field} ${why}`;
      const counted = this.counts.get(key) ?? { field, rule: why, count: 0 };
      counted.count += 1;
      this.counts.set(key, counted);
    }
  }

  report(): RepairReport {
    const counts = [...this.counts.values()].sort((one, other) => other.count - one.count);
    return {
      agents: this.agents,
      repairs: this.repairs,
      by_rule: counts.map(({ field, rule, count }) => ({ field, rule, meaning: REPAIR_RULES[rule], count })),
      first: this.first,
    };
  }
}
