import type { RepairReport } from './repair-tally.js';

/** Repairs in words, one line for each rule and column. */
export function repairLines({ agents, repairs, by_rule }: RepairReport): string[] {
  if (repairs === 0) return [];
  return [
    `${repairs} values of ${agents} agents were repaired:`,
    ...by_rule.map(({ field, count, meaning, rule }) => `  ${field}: ${count} × ${rule} (${meaning})`),
  ];
}
