import { IsString, Matches } from 'class-validator';
import { IsWholeNumber, Omittable, OmittableOrNull } from '../../http/validation/index.js';
import { INTEGER_MAX } from '../../progression/index.js';

/**
 * Read-only columns. Accepted so that a complete row may be sent back. They must equal the agent's values (otherwise
 * 422) and have no effect.
 */
export class FixedColumnsDto {
  /** UUID of the agent. Must equal the agent's value. */
  @Omittable()
  @IsString()
  id?: string;

  /** Must equal the agent type in the path. */
  @Omittable()
  @IsString()
  agent_type?: string;

  /** Version of the agent. Must equal the agent's value, which prevents lost updates. */
  @Omittable()
  @IsWholeNumber(0, INTEGER_MAX)
  version?: number;

  /** SHA-256 of the agent's newest event, 64 hexadecimal digits. Must equal the agent's value. */
  @OmittableOrNull()
  @Matches(/^[0-9a-f]{64}$/, { message: '$property must be 64 hexadecimal digits' })
  ledger_hash?: string | null;

  /** Must equal the agent's value. */
  @OmittableOrNull()
  @IsString()
  last_learning_cycle?: string | null;

  /** Must equal the agent's value. */
  @OmittableOrNull()
  @IsString()
  last_success?: string | null;

  /** Must equal the agent's value. */
  @OmittableOrNull()
  @IsString()
  last_failure?: string | null;

  /** Must equal the agent's value. */
  @OmittableOrNull()
  @IsString()
  last_test_date?: string | null;

  /** Must equal the agent's value. */
  @Omittable()
  @IsString()
  created_at?: string;

  /** Must equal the agent's value. */
  @Omittable()
  @IsString()
  updated_at?: string;
}
