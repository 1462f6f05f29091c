import { ApiProperty } from '@nestjs/swagger';
import { type ArgumentParser, IsText } from '../../http/validation/index.js';
import { AGENT_TYPE_MAX_LENGTH } from '../../progression/index.js';

/** Target of a merge. */
export class MergeDto {
  /** Agent type of the agent that the agent of the path is merged into. It must exist. */
  @IsText(AGENT_TYPE_MAX_LENGTH)
  @ApiProperty({ minLength: 1, maxLength: AGENT_TYPE_MAX_LENGTH, example: 'guardian' })
  into!: string;
}

/** Parser of the target in an in-process call. */
export const MergeArgument: ArgumentParser<MergeDto, MergeDto> = {
  Dto: MergeDto,
  name: 'into',
  wrap: (into) => ({ into }),
  convert: ({ into }) => ({ into }),
};
