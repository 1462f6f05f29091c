import { z } from 'zod';
import type { Eligibilities, Gate, Requirement } from '../../custody/index.js';

/** Response of `GET /api/custody/agents/{agent_type}/eligibility`. */
export interface EligibilityDocument {
  status: 'success';
  agent_type: string;
  eligibility: Eligibilities;
  timestamp: Date;
}

/** Members of a requirement that are printed. */
export type ShownRequirement = Pick<Requirement, 'name' | 'comparison' | 'required' | 'actual' | 'met'> & {
  unit: string | null;
  /** ISO 8601. */
  until: string | null;
};
/** Members of an eligibility that are printed. */
export interface ShownEligibility {
  eligible: boolean;
  requirements: ShownRequirement[];
}

const requirement: z.ZodType<ShownRequirement> = z.object({
  name: z.string(),
  comparison: z.enum(['at_least', 'at_most', 'equal']),
  required: z.union([z.number(), z.boolean()]),
  actual: z.union([z.number(), z.boolean(), z.null()]),
  unit: z.string().nullable(),
  met: z.boolean(),
  until: z.string().nullable(),
});
const eligibility = z
  .object({ eligible: z.boolean(), requirements: z.array(requirement).min(1) })
  .refine(({ eligible, requirements }) => eligible === requirements.every(({ met }) => met));
const document = z.object({
  agent_type: z.string(),
  eligibility: z.object({ propose: eligibility, level_up: eligibility }),
});

/**
 * Eligibility for a gate, from the JSON of a document.
 *
 * @returns null if the value is not an eligibility document of this agent
 */
export function findEligibility(value: unknown, agentType: string, gate: Gate): ShownEligibility | null {
  const { success, data } = document.safeParse(value);
  if (!success || data.agent_type !== agentType) return null;
  return gate === 'propose' ? data.eligibility.propose : data.eligibility.level_up;
}
