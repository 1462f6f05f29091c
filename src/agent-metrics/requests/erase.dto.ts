import { ApiProperty } from '@nestjs/swagger';
import { type ArgumentParser, IsText } from '../../http/validation/index.js';
import { AGENT_TYPE_MAX_LENGTH } from '../../progression/index.js';

/** Maximum length of a reason, in characters. */
const REASON_MAX_LENGTH = 500;

/** Request to erase an agent. */
export interface EraseRequest {
  /** Repeats the name of the agent. */
  agent_type: string;
  /** 1 to 500 characters. Must not contain a name of the agent. */
  reason: string;
}

/** Confirmation and reason of an erasure. */
export class EraseDto implements EraseRequest {
  /** Repeats the agent type of the path. */
  @IsText(AGENT_TYPE_MAX_LENGTH)
  @ApiProperty({ minLength: 1, maxLength: AGENT_TYPE_MAX_LENGTH, example: 'guardian' })
  agent_type!: string;

  /** Reason, kept in the tombstone: 1 to 500 characters. Must not contain a name of the agent. */
  @IsText(REASON_MAX_LENGTH)
  @ApiProperty({ minLength: 1, maxLength: REASON_MAX_LENGTH, example: 'request of the owner' })
  reason!: string;
}

/** Parser of the request in an in-process call. */
export const EraseArgument: ArgumentParser<EraseDto, EraseRequest> = {
  Dto: EraseDto,
  name: 'request',
  convert: ({ agent_type, reason }) => ({ agent_type, reason }),
};
