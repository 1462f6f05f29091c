import type { EntityManager } from 'typeorm';
import type { LegacyTable } from './legacy-table.js';

interface Grant {
  grantee: string;
  privilege: string;
  /** Quoted; null: of the whole table. */
  column: string | null;
  grantable: boolean;
}

/** Privileges of other roles on the legacy table ($1). $2: those of its owner only. */
const GRANTS = `
  SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END AS grantee,
         privilege_type AS privilege, column_name AS column, bool_or(is_grantable) AS grantable
    FROM (
      SELECT NULL AS column_name, acl.*
        FROM pg_class, aclexplode(coalesce(relacl, acldefault('r', relowner))) acl WHERE oid = $1::oid
      UNION ALL
      SELECT quote_ident(attname), acl.*
        FROM pg_attribute, aclexplode(attacl) acl WHERE attrelid = $1::oid AND attnum > 0 AND NOT attisdropped
    ) granted
   WHERE (grantee = 0 OR grantee IN (SELECT oid FROM pg_roles WHERE rolname <> current_user))
     AND (NOT $2 OR grantee = (SELECT relowner FROM pg_class WHERE oid = $1::oid))
   GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;

/**
 * Grants the privileges on the legacy table for the new table. If the legacy table has row security policies, only its
 * owner gets privileges, because the new table has no policies.
 *
 * @returns roles that were granted privileges
 */
export async function copyGrants(manager: EntityManager, { oid, hasPolicies }: LegacyTable): Promise<string[]> {
  const grants = await manager.query<Grant[]>(GRANTS, [oid, hasPolicies]);
  for (const { grantee, privilege, column, grantable } of grants) {
    const right = column === null ? privilege : `${privilege} (${column})`;
    const option = grantable && grantee !== 'PUBLIC' ? ' WITH GRANT OPTION' : '';
    await manager.query(`GRANT ${right} ON agent_metrics TO ${grantee}${option}`);
  }
  return [...new Set(grants.map(({ grantee }) => grantee))];
}
