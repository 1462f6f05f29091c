import { IsUUID } from 'class-validator';
import { UpdateMetricsDto } from './update-metrics.dto.js';
import { IsText, IsTimestamp, Omittable, OmittableOrNull } from '../../http/validation/index.js';
import { AGENT_TYPE_MAX_LENGTH, type IMPORTED_TIMES } from '../../progression/index.js';

type Times = Partial<Record<(typeof IMPORTED_TIMES)[number] | 'created_at', string | null>>;

/** An agent in a file: the fields of a PUT, its identity and its times. */
export class AgentEntryDto extends UpdateMetricsDto implements Times {
  @IsText(AGENT_TYPE_MAX_LENGTH)
  agent_type!: string;

  @Omittable()
  @IsUUID()
  id?: string;

  @OmittableOrNull()
  @IsTimestamp()
  created_at?: string | null;

  @OmittableOrNull()
  @IsTimestamp()
  last_learning_cycle?: string | null;

  @OmittableOrNull()
  @IsTimestamp()
  last_success?: string | null;

  @OmittableOrNull()
  @IsTimestamp()
  last_failure?: string | null;

  @OmittableOrNull()
  @IsTimestamp()
  last_test_date?: string | null;
}
