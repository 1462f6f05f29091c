import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsBoolean, IsIn, IsNumber, Max, Min } from 'class-validator';
import {
  type ArgumentParser,
  IsText,
  IsWholeNumber,
  markParsed,
  Omittable,
  OmittableOrNull,
} from '../../../http/validation/index.js';
import { AGENT_PATTERNS_MAX } from '../../../common/index.js';
import { IsSecret } from './is-secret.js';
import { MESSAGE_TYPES, type MessageType } from '../../store/index.js';

const URL_MAX_LENGTH = 2_000;
const DESCRIPTION_MAX_LENGTH = 500;
/** Maximum number of tests in each of the groups that `score.dropped` compares. */
const SCORE_TESTS_MAX = 500;
/** Defaults of `score.dropped`. */
export const SCORE_TESTS = 20;
export const SCORE_DROP = 0.2;
const SCORE_DROP_MIN = 0.01;

/** Changes of a webhook endpoint. Omitted fields are not changed. */
export interface EndpointUpdate {
  /** An https URL of at most 2,000 characters, without credentials. */
  url?: string | undefined;
  /** At most 500 characters; null: none. */
  description?: string | null | undefined;
  /** Types of the messages that are sent: at least one. */
  types?: readonly MessageType[] | undefined;
  /** Agents whose messages are sent: 1 to 100 agent types, and prefixes that end with `*`. Null: all agents. */
  agents?: readonly string[] | null | undefined;
  /** `score.dropped`: number of tests in each group. 1 to half of MAX_TEST_HISTORY_SIZE. Default: 20. */
  score_tests?: number | undefined;
  /** `score.dropped`: minimum decrease of the pass rate, 0.01 to 1. Default: 0.2. */
  score_drop?: number | undefined;
  /** Whether messages are sent. True also retries a failed delivery at once. Default: true. */
  enabled?: boolean | undefined;
}

/** A new webhook endpoint. */
export interface EndpointRequest extends Omit<EndpointUpdate, 'url' | 'types' | 'enabled'> {
  url: string;
  types: readonly MessageType[];
  /** `whsec_` and the base64 of 24 to 64 bytes. Default: a new secret. */
  secret?: string | undefined;
}

const TYPES = { enum: MESSAGE_TYPES, isArray: true, example: ['test.failed', 'eligibility.changed'] } as const;
const URL = { maxLength: URL_MAX_LENGTH, example: 'https://example.com/lvlup' };

/** Fields of an endpoint that may be omitted. */
class EndpointFieldsDto {
  /** For people. At most 500 characters. */
  @OmittableOrNull()
  @IsText(DESCRIPTION_MAX_LENGTH)
  @ApiProperty({ type: String, nullable: true, maxLength: DESCRIPTION_MAX_LENGTH, example: 'alerts', required: false })
  description?: string | null;

  /** Agents whose messages are sent: agent types, and prefixes that end with `*`. Null: all agents. */
  @OmittableOrNull()
  @IsArray()
  @ArrayMaxSize(AGENT_PATTERNS_MAX)
  @ApiProperty({ type: String, isArray: true, nullable: true, example: ['guardian', 'team-a/*'], required: false })
  agents?: string[] | null;

  /**
   * `score.dropped`: number of tests whose pass rate is compared with that of as many tests before them. At most half of
   * MAX_TEST_HISTORY_SIZE.
   */
  @Omittable()
  @IsWholeNumber(1, SCORE_TESTS_MAX)
  @ApiProperty({ default: SCORE_TESTS, required: false })
  score_tests?: number;

  /** `score.dropped`: minimum decrease of the pass rate, a ratio. */
  @Omittable()
  @IsNumber()
  @Min(SCORE_DROP_MIN)
  @Max(1)
  @ApiProperty({ minimum: SCORE_DROP_MIN, maximum: 1, default: SCORE_DROP, required: false })
  score_drop?: number;
}

/** Changes of a webhook endpoint. Omitted fields are not changed. */
export class UpdateEndpointDto extends EndpointFieldsDto implements EndpointUpdate {
  /** Address of the receiver: https, without credentials. Not a private address, unless WEBHOOK_ALLOW_PRIVATE is on. */
  @Omittable()
  @IsText(URL_MAX_LENGTH)
  @ApiProperty({ ...URL, required: false })
  url?: string;

  /** Types of the messages that are sent. */
  @Omittable()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(MESSAGE_TYPES, { each: true })
  @ApiProperty({ ...TYPES, required: false })
  types?: MessageType[];

  /**
   * Whether messages are sent. Messages of events that are recorded while it is false are sent when it is true again. True
   * also repeats a failed attempt at once.
   */
  @Omittable()
  @IsBoolean()
  enabled?: boolean;
}

/** A new webhook endpoint. */
export class CreateEndpointDto extends EndpointFieldsDto implements EndpointRequest {
  /** Address of the receiver: https, without credentials. Not a private address, unless WEBHOOK_ALLOW_PRIVATE is on. */
  @IsText(URL_MAX_LENGTH)
  @ApiProperty(URL)
  url!: string;

  /** Types of the messages that are sent. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(MESSAGE_TYPES, { each: true })
  @ApiProperty(TYPES)
  types!: MessageType[];

  /** Key of the signatures: `whsec_` and the base64 of 24 to 64 bytes. Default: a new secret. */
  @Omittable()
  @IsSecret()
  secret?: string;
}

/** Parser of an endpoint in an in-process call. */
export const EndpointArgument: ArgumentParser<CreateEndpointDto, CreateEndpointDto> = {
  Dto: CreateEndpointDto,
  name: 'endpoint',
  convert: markParsed,
};

/** Parser of changes in an in-process call. */
export const EndpointUpdateArgument: ArgumentParser<UpdateEndpointDto, UpdateEndpointDto> = {
  Dto: UpdateEndpointDto,
  name: 'changes',
  convert: markParsed,
};
