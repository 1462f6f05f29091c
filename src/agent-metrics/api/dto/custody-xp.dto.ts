import { IsWholeNumber } from '../../../http/validation/index.js';
import { INTEGER_MAX } from '../../../progression/index.js';

/** Custody XP to add or to take. */
export class CustodyXpDto {
  /**
   * Custody XP to add; below 0, to take. What would go below 0 ends at 0.
   * @example 50
   */
  @IsWholeNumber(-INTEGER_MAX, INTEGER_MAX)
  amount!: number;
}
