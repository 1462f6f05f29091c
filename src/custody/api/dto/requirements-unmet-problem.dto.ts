import { ApiProperty } from '@nestjs/swagger';
import { ProblemDto } from '../../../http/problems/index.js';
import { RequirementDto } from './requirement.dto.js';

/** The problem `custody_requirements_unmet`. */
export class RequirementsUnmetProblemDto extends ProblemDto {
  /** The requirements that the agent doesn't meet. */
  @ApiProperty({ type: [RequirementDto] })
  requirements!: RequirementDto[];
}
