import { IsUUID, ValidateBy } from 'class-validator';
import { UpdateMetricsDto } from '../../agent-metrics/dto/update-metrics.dto.js';
import { parseTimestamp } from '../../common/timestamp.js';
import { IsText, MayBeLeftOut } from '../../common/validators.js';
import { AGENT_TYPE_MAX_LENGTH } from '../../progression/agent-type.js';
import type { IMPORTED_TIMES } from '../../progression/events.js';

const ZONE = /(Z|[+-]\d{2}:?\d{2})$/;

/** A time of an entry; the old backend wrote UTC without saying so. */
export function entryTime(text: string): Date | null {
  return parseTimestamp(ZONE.test(text) ? text : `${text}Z`);
}

/** A time as ISO 8601, in UTC where it has no zone; or null. */
function IsEntryTime(): PropertyDecorator {
  return ValidateBy({
    name: 'isEntryTime',
    validator: {
      validate: (value) => value === null || (typeof value === 'string' && entryTime(value) !== null),
      defaultMessage: () => '$property must be a time as ISO 8601, such as 2025-01-25T10:00:00Z, not before 1970',
    },
  });
}

type Times = Partial<Record<(typeof IMPORTED_TIMES)[number] | 'created_at', string | null>>;

/** An agent as files have it: what a PUT may set, and what tells it apart and when it did something. */
export class AgentEntryDto extends UpdateMetricsDto implements Times {
  @IsText(AGENT_TYPE_MAX_LENGTH)
  agent_type!: string;

  @MayBeLeftOut()
  @IsUUID()
  id?: string;

  @MayBeLeftOut()
  @IsEntryTime()
  created_at?: string | null;

  @MayBeLeftOut()
  @IsEntryTime()
  last_learning_cycle?: string | null;

  @MayBeLeftOut()
  @IsEntryTime()
  last_success?: string | null;

  @MayBeLeftOut()
  @IsEntryTime()
  last_failure?: string | null;

  @MayBeLeftOut()
  @IsEntryTime()
  last_test_date?: string | null;
}
