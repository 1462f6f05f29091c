import { PageQueryDto } from '../../http/parameters/index.js';
import { SuccessDto } from '../../agent-metrics/index.js';

/** An answer in the form of the old backend: all it says stands in `data`, and an agent type is an `ai_type`. */
export class OldAnswerDto extends SuccessDto {
  /** The moment that the answer is about. */
  timestamp!: Date;
}

/** Which page of a list. Other parameters are ignored, as by the old backend. */
export class OldPageQueryDto extends PageQueryDto {
  static readonly ignoresOthers = true;
}

export class AiTypeDto {
  /**
   * The agent type.
   * @example guardian
   */
  ai_type!: string;
}

/** Whether an agent may pass the gates. */
export class OldGatesDto {
  /**
   * Whether the agent may level up now.
   * @example false
   */
  can_level_up!: boolean;
  /**
   * Whether it may propose work now.
   * @example true
   */
  can_create_proposals!: boolean;
}
