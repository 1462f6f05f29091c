import type { FieldError } from '../../common/index.js';
import type { Exported } from '../formats.js';

/** Maximum number of invalid entries in the report. All are counted. */
const MAX_NAMED = 1_000;

/** An invalid entry. */
export interface Invalid {
  /** Line, or path of the entry. */
  place: string;
  agent_type: string | null;
  /** Errors; the field `''` is the whole entry. */
  errors: readonly FieldError[];
}

/** Result of an import, or of a dry run. */
export class ImportReport {
  /** Content of the file; null if it is empty. */
  of: Exported | null = null;
  agents = 0;
  events = 0;
  /** Tombstones of erased agents that were added. */
  tombstones = 0;
  invalid = 0;
  /** The first 1,000 invalid entries. */
  readonly named: Invalid[] = [];
  /** Whether the valid entries were committed, or would be without --dry-run. */
  accepted = false;

  isInvalid(place: string, agentType: string | null, errors: readonly FieldError[]): void {
    this.invalid += 1;
    if (this.named.length < MAX_NAMED) this.named.push({ place, agent_type: agentType, errors });
  }
}

/** An error of the whole entry. */
export function toErrors(detail: string): FieldError[] {
  return [{ field: '', detail }];
}
