import { ApiProperty } from '@nestjs/swagger';
import { COMPARISONS, type Requirement, REQUIREMENT_CODES, UNITS } from '../../rules/requirement.js';

/** A requirement of a gate, with its required and actual value. */
export class RequirementDto implements Requirement {
  /**
   * Machine-readable identifier.
   * @example recent_pass
   */
  @ApiProperty({ enum: REQUIREMENT_CODES })
  code!: Requirement['code'];
  /**
   * Human-readable description.
   * @example "time since a test was last passed"
   */
  name!: string;
  /**
   * How `actual` must compare with `required`.
   * @example at_most
   */
  @ApiProperty({ enum: COMPARISONS })
  comparison!: Requirement['comparison'];
  /**
   * Required value. Thresholds are settings of the service.
   * @example 86400
   */
  @ApiProperty({ anyOf: [{ type: 'number' }, { type: 'boolean' }] })
  required!: number | boolean;
  /**
   * Actual value of the agent; null if there is none yet.
   * @example 3600
   */
  @ApiProperty({ anyOf: [{ type: 'number', nullable: true }, { type: 'boolean' }] })
  actual!: number | boolean | null;
  /**
   * Unit of the values (ratios are 0–1); null for boolean values.
   * @example seconds
   */
  @ApiProperty({ type: 'string', enum: [...UNITS, null], nullable: true })
  unit!: Requirement['unit'];
  /** @example true */
  met!: boolean;
  /**
   * End of the period in which a time-limited requirement is met, also after it has passed. null if the requirement is not
   * time-limited, or no test was passed yet.
   * @example 2026-11-24T09:12:03.120Z
   */
  until!: Date | null;
}
