/** What DATABASE_URL takes so that this schema is the first of the search path. */
export function searchPathOption(schema: string): string {
  const name = /^[a-z_][a-z0-9_]*$/.test(schema) ? schema : `"${schema.replaceAll('"', '""')}"`;
  return `options=${encodeURIComponent(`-csearch_path=${name.replace(/[\\\s]/g, '\\$&')}`)}`;
}
