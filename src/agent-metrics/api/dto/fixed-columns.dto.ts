import { IsString, Matches } from 'class-validator';
import { IsWholeNumber, Omittable, OmittableOrNull } from '../../../http/validation/index.js';
import { INTEGER_MAX } from '../../../progression/index.js';

/**
 * Columns that no update sets. A row that was read before may be sent back whole: then these must be what the agent has
 * (422 otherwise). They change nothing.
 */
export class FixedColumnsDto {
  /** UUID of the agent. Must be the agent's. */
  @Omittable()
  @IsString()
  id?: string;

  /** Must be the agent type in the path. */
  @Omittable()
  @IsString()
  agent_type?: string;

  /** Number of the agent's newest event. Must be the agent's, so that no change since is overwritten. */
  @Omittable()
  @IsWholeNumber(0, INTEGER_MAX)
  version?: number;

  /** SHA-256 of the agent's newest event, 64 hexadecimal digits. Must be the agent's. */
  @OmittableOrNull()
  @Matches(/^[0-9a-f]{64}$/, { message: '$property must be 64 hexadecimal digits' })
  ledger_hash?: string | null;

  /** Must be the agent's. */
  @OmittableOrNull()
  @IsString()
  last_learning_cycle?: string | null;

  /** Must be the agent's. */
  @OmittableOrNull()
  @IsString()
  last_success?: string | null;

  /** Must be the agent's. */
  @OmittableOrNull()
  @IsString()
  last_failure?: string | null;

  /** Must be the agent's. */
  @OmittableOrNull()
  @IsString()
  last_test_date?: string | null;

  /** Must be the agent's. */
  @Omittable()
  @IsString()
  created_at?: string;

  /** Must be the agent's. */
  @Omittable()
  @IsString()
  updated_at?: string;
}
