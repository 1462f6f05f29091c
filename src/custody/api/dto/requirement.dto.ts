import { ApiProperty } from '@nestjs/swagger';
import { COMPARISONS, type Requirement, REQUIREMENT_CODES, UNITS } from '../../rules/requirement.js';

/** What a gate demands of an agent, and what the agent has. */
export class RequirementDto implements Requirement {
  /**
   * The requirement, for programs.
   * @example recent_pass
   */
  @ApiProperty({ enum: REQUIREMENT_CODES })
  code!: Requirement['code'];
  /**
   * The requirement in words.
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
   * What is required; thresholds are settings of the service.
   * @example 86400
   */
  @ApiProperty({ anyOf: [{ type: 'number' }, { type: 'boolean' }] })
  required!: number | boolean;
  /**
   * What the agent has; null when there is nothing yet.
   * @example 3600
   */
  @ApiProperty({ anyOf: [{ type: 'number', nullable: true }, { type: 'boolean' }] })
  actual!: number | boolean | null;
  /**
   * What the numbers count (ratios are 0–1); null for yes or no.
   * @example seconds
   */
  @ApiProperty({ type: 'string', enum: [...UNITS, null], nullable: true })
  unit!: Requirement['unit'];
  /** @example true */
  met!: boolean;
  /**
   * Of a time limit: the last moment at which it is met. Once that has passed it says since when the requirement isn't
   * met. null where time doesn't matter, or the clock hasn't begun.
   * @example 2026-11-24T09:12:03.120Z
   */
  until!: Date | null;
}
