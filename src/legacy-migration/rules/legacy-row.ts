/**
 * A row of the legacy table: each column as text in the output format of PostgreSQL (times in UTC); null for NULL. Text
 * retains all digits of numbers, and JSON that jsonb does not allow.
 */
export type LegacyRow = Readonly<Record<string, string | null>>;
