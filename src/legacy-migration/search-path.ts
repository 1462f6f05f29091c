/** Query parameter for DATABASE_URL that makes the schema the first of the search path. */
export function formatSearchPathOption(schema: string): string {
  const name = /^[a-z_][a-z0-9_]*$/.test(schema) ? schema : `"${schema.replaceAll('"', '""')}"`;
  return `options=${encodeURIComponent(`-csearch_path=${name.replace(/[\\\s]/g, '\\$&')}`)}`;
}
