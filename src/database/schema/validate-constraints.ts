import type { EntityManager } from 'typeorm';

/** Maximum number of agents that are listed for a violated constraint. */
const NAMED_MAX = 10;

/** A constraint that is not validated because rows violate it. */
export interface BrokenConstraint {
  name: string;
  /** Number of rows that violate it. */
  rows: number;
  /** Agents of these rows, at most NAMED_MAX. */
  agent_types: string[];
}

const UNVALIDATED = `
  SELECT conname AS name, pg_get_expr(conbin, conrelid) AS expression
    FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
   WHERE conrelid = to_regclass('agent_metrics') AND contype = 'c' AND NOT convalidated
     AND pg_has_role(relowner, 'USAGE') ORDER BY conname`;

/** Validates the constraints that all rows satisfy, and returns the others. Reads rows only if a constraint is not validated. */
export async function validateConstraints(manager: EntityManager): Promise<BrokenConstraint[]> {
  const broken: BrokenConstraint[] = [];
  for (const { name, expression } of await manager.query<{ name: string; expression: string }[]>(UNVALIDATED)) {
    const [found] = await manager.query<Omit<BrokenConstraint, 'name'>[]>(
      `SELECT count(*)::integer AS rows, (array_agg(agent_type::text ORDER BY agent_type))[1:${NAMED_MAX}] AS agent_types
         FROM agent_metrics WHERE (${expression}) IS FALSE`,
    );
    if (found && found.rows > 0) broken.push({ name, ...found });
    else await manager.query(`ALTER TABLE agent_metrics VALIDATE CONSTRAINT "${name}"`);
  }
  return broken;
}

/** Formats a warning for operators. */
export function describeBrokenConstraint({ name, rows, agent_types }: BrokenConstraint): string {
  const more = rows > agent_types.length ? ', …' : '';
  return (
    `WARNING: ${rows} rows of agent_metrics violate the constraint ${name} (${agent_types.join(', ')}${more}): they were ` +
    'edited manually. All other rows satisfy it. `npm run cli -- verify` shows the differences; `rebuild` corrects the rows.'
  );
}
