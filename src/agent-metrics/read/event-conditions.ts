import type { AgentCondition } from '../../database/values/index.js';
import { EVIDENCE_FILTERS } from '../../progression/index.js';
import { UNCATEGORIZED } from '../../rollups/index.js';
import { hasEvidenceFilter, type TestFilter } from '../requests/test-filter.dto.js';

/** Parameters of a statement whose conditions depend on the request. */
export class StatementParameters {
  readonly values: unknown[] = [];

  /** @returns the placeholder, with its type */
  add(value: unknown, type: 'text' | 'text[]' | 'integer' | 'bigint' | 'timestamptz' | 'interval'): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }

  /** @param build builds a condition whose parameters begin with this number */
  addCondition(build: (first: number) => AgentCondition): string {
    const { sql, parameters } = build(this.values.length + 1);
    this.values.push(...parameters);
    return sql;
  }
}

/** Condition: whether an event is the result of a test. In the form of the partial index ix_agent_events_tests. */
export function isTest(event: string): string {
  return `${event}.type IN ('custody_test', 'adversarial_test')`;
}

/** The value of a field of an event's evidence, in the form of the indexes on evidence. */
export function selectEvidence(event: string, field: string): string {
  return `${event}.payload -> 'evidence' ->> '${field}'`;
}

/**
 * Conditions of a filter on events. Absent fields have no condition.
 *
 * @param event alias of the row of `agent_events`
 */
export function buildConditions(filter: TestFilter, event: string, parameters: StatementParameters): string[] {
  const { category, from, to } = filter;
  const conditions: string[] = [];
  if (hasEvidenceFilter(filter)) conditions.push(`${event}.payload ? 'evidence'`);
  for (const field of EVIDENCE_FILTERS) {
    const value = filter[field];
    if (value !== undefined) conditions.push(`(${selectEvidence(event, field)}) = ${parameters.add(value, 'text')}`);
  }
  if (category !== undefined) {
    const found = `coalesce(${event}.payload ->> 'category', '${UNCATEGORIZED}')`;
    conditions.push(isTest(event), `${found} = ${parameters.add(category, 'text')}`);
  }
  if (from) conditions.push(`${event}.occurred_at >= ${parameters.add(from, 'timestamptz')}`);
  if (to) conditions.push(`${event}.occurred_at < ${parameters.add(to, 'timestamptz')}`);
  return conditions;
}
