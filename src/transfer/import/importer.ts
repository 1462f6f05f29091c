import type { Entry } from './items.js';

/** Imports entries in the transaction of an import. */
export interface Importer {
  add(entry: Entry): Promise<void>;
  /** Writes the remaining entries. */
  finish(): Promise<void>;
}
