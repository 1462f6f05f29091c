import type { EntityManager } from 'typeorm';

/** Agents that are named with a constraint that their rows break. */
const NAMED_MAX = 10;

/** A constraint that isn't validated, as rows break it. */
export interface BrokenConstraint {
  name: string;
  /** How many rows break it. */
  rows: number;
  /** Agents of such rows, at most ten. */
  agent_types: string[];
}

const UNVALIDATED = `
  SELECT conname AS name, pg_get_expr(conbin, conrelid) AS expression
    FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
   WHERE conrelid = to_regclass('agent_metrics') AND contype = 'c' AND NOT convalidated
     AND pg_has_role(relowner, 'USAGE') ORDER BY conname`;

/** Validates the constraints that all rows keep, and returns the others. Rows are looked at only while there are any. */
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

/** A sentence for operators. */
export function describeBrokenConstraint({ name, rows, agent_types }: BrokenConstraint): string {
  const more = rows > agent_types.length ? ', …' : '';
  return (
    `WARNING: ${rows} rows of agent_metrics break the constraint ${name} (${agent_types.join(', ')}${more}): they were edited ` +
    'by hand. It holds for all other rows. Look at them with `npm run cli -- verify`; `rebuild` makes them right from the ledger.'
  );
}
