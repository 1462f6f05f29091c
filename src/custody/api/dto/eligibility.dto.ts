import { ApiProperty } from '@nestjs/swagger';
import type { Eligibilities } from '../../custody-views.js';
import type { Eligibility } from '../../rules/eligibility.js';
import { RequirementDto } from './requirement.dto.js';

/** Whether an agent may pass a gate, and why. */
export class EligibilityDto implements Eligibility {
  /**
   * Whether all requirements are met.
   * @example true
   */
  eligible!: boolean;
  /** Each requirement, met or not. */
  @ApiProperty({ type: [RequirementDto] })
  requirements!: RequirementDto[];
}

/** Both gates of an agent. */
export class EligibilitiesDto implements Eligibilities {
  /** Whether it may propose work. */
  propose!: EligibilityDto;
  /** Whether it may level up. */
  level_up!: EligibilityDto;
}
