import type { JsonObject } from '../../progression/index.js';

/** Longest line, or record of CSV, in characters; all of it is in memory at once. */
export const LINE_LENGTH_MAX = 64 * 1024 * 1024;

/** What a file has about one event or one agent. */
export interface Entry {
  /** Where it stands, for people. */
  place: string;
  value: JsonObject;
  /** The agent that it stands under, where that isn't inside. */
  agentType?: string;
  /** Characters that it takes in the file. */
  length: number;
}

/** A place that nothing can be read from. */
export interface Unreadable {
  place: string;
  problem: string;
}

export type Item = Entry | Unreadable;

/** What the reader of a format is told beside the text. */
export interface ReadOptions {
  /** Reads a file that lacks its end, or may lack it, instead of refusing it. */
  allowPartial?: boolean | undefined;
  /** Takes cells of CSV as they stand, apostrophes before formulas included. */
  raw?: boolean | undefined;
}

/** What a file has to be, for people. */
export const EXPECTED =
  'Expected is what `export` writes, as NDJSON or CSV, or one JSON object with an entry for each agent.';

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
