import type { JsonObject } from '../../progression/index.js';

/** Maximum length of a line or CSV record, in characters. It is held in memory. */
export const LINE_LENGTH_MAX = 64 * 1024 * 1024;

/** An event or agent of a file. */
export interface Entry {
  /** Human-readable position in the file. */
  place: string;
  value: JsonObject;
  /** Key of the entry, if the format has one. */
  agentType?: string;
  /** Length in the file, in characters. */
  length: number;
}

/** An unreadable part of a file. */
export interface Unreadable {
  place: string;
  problem: string;
}

export type Item = Entry | Unreadable;

/** Options of a format reader. */
export interface ReadOptions {
  /** Accepts a file that is, or can be, truncated. */
  allowPartial?: boolean | undefined;
  /** Does not unescape formulas in CSV cells. */
  raw?: boolean | undefined;
}

/** Description of the accepted formats. */
export const EXPECTED =
  'Expected: the output of `export` as NDJSON or CSV, or one JSON object with an entry for each agent.';

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
