import { PageQueryDto } from '../../http/parameters/index.js';
import { SuccessDto } from '../../agent-metrics/index.js';

/** Response in the form of the old backend: the content is in `data`, and the agent type is named `ai_type`. */
export class OldAnswerDto extends SuccessDto {
  /** Time at which the response was computed. */
  timestamp!: Date;
}

/** Page of a list. Other parameters are ignored, as in the old backend. */
export class OldPageQueryDto extends PageQueryDto {
  static readonly ignoresUnknownFields = true;
}

export class AiTypeDto {
  /**
   * The agent type.
   * @example guardian
   */
  ai_type!: string;
}

/** Whether an agent can pass the gates. */
export class OldGatesDto {
  /**
   * Whether the agent can level up now.
   * @example false
   */
  can_level_up!: boolean;
  /**
   * Whether the agent can propose work now.
   * @example true
   */
  can_create_proposals!: boolean;
}
