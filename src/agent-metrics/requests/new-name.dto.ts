import { ApiProperty } from '@nestjs/swagger';
import { type ArgumentParser, IsText } from '../../http/validation/index.js';
import { AGENT_TYPE_MAX_LENGTH } from '../../progression/index.js';

/** New name of an agent. */
export class NewNameDto {
  /** New agent type: 1 to 50 letters, digits and `. _ : + @ - /`, starting with a letter or digit. */
  @IsText(AGENT_TYPE_MAX_LENGTH)
  @ApiProperty({ minLength: 1, maxLength: AGENT_TYPE_MAX_LENGTH, example: 'openai/gpt-4o' })
  agent_type!: string;
}

/** Parser of the name in an in-process call. */
export const NewNameArgument: ArgumentParser<NewNameDto, NewNameDto> = {
  Dto: NewNameDto,
  name: 'agent_type',
  wrap: (agent_type) => ({ agent_type }),
  convert: ({ agent_type }) => ({ agent_type }),
};
