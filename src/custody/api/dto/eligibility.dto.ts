import { ApiProperty } from '@nestjs/swagger';
import type { Eligibilities } from '../../custody-views.js';
import type { Eligibility } from '../../rules/eligibility.js';
import { RequirementDto } from './requirement.dto.js';

/** Whether an agent can pass a gate, with all requirements. */
export class EligibilityDto implements Eligibility {
  /**
   * Whether all requirements are met.
   * @example true
   */
  eligible!: boolean;
  /** All requirements of the gate. */
  @ApiProperty({ type: [RequirementDto] })
  requirements!: RequirementDto[];
}

/** Eligibility for both gates. */
export class EligibilitiesDto implements Eligibilities {
  /** Eligibility to propose work. */
  propose!: EligibilityDto;
  /** Eligibility to level up. */
  level_up!: EligibilityDto;
}
