import type { RepairReport } from './repair-tally.js';

/** Formats the repairs, one line for each column and rule. */
export function formatRepairs({ agents, repairs, by_rule }: RepairReport): string[] {
  if (repairs === 0) return [];
  return [
    `${repairs} values of ${agents} agents were repaired:`,
    ...by_rule.map(({ field, count, meaning, rule }) => `  ${field}: ${count} × ${rule} (${meaning})`),
  ];
}
