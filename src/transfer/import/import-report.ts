import type { FieldError } from '../../common/index.js';
import type { Exported } from '../formats.js';

/** Faults that are named; all are counted. */
const MOST_NAMED = 1_000;

/** Something in the file that can't be imported. */
export interface Invalid {
  /** Where it stands: a line, or the path of an entry. */
  place: string;
  agent_type: string | null;
  /** Why; a field of `''` is the entry as a whole. */
  errors: readonly FieldError[];
}

/** What an import did, or would do. */
export class ImportReport {
  /** What the file holds; null when it holds nothing. */
  of: Exported | null = null;
  agents = 0;
  events = 0;
  invalid = 0;
  /** The first of what is invalid, at most 1,000. */
  readonly named: Invalid[] = [];
  /** Whether what is valid was committed, or would have been without --dry-run. */
  accepted = false;

  isInvalid(place: string, agentType: string | null, errors: readonly FieldError[]): void {
    this.invalid += 1;
    if (this.named.length < MOST_NAMED) this.named.push({ place, agent_type: agentType, errors });
  }
}

/** A reason that isn't about one field. */
export function wholly(detail: string): FieldError[] {
  return [{ field: '', detail }];
}
