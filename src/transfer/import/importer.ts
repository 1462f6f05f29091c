import type { Entry } from './items.js';

/** Takes what a file holds, one entry after the other, into the transaction of an import. */
export interface Importer {
  add(entry: Entry): Promise<void>;
  /** Writes what is left. */
  finish(): Promise<void>;
}
