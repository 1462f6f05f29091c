import { ApiProperty } from '@nestjs/swagger';
import { ProblemDto } from '../../../http/problems/index.js';
import { RequirementDto } from './requirement.dto.js';

/** The problem `custody_requirements_unmet`. */
export class RequirementsUnmetProblemDto extends ProblemDto {
  /** The unmet requirements. */
  @ApiProperty({ type: [RequirementDto] })
  requirements!: RequirementDto[];
}
