import { type ArgumentParser, IsWholeNumber } from '../../http/validation/index.js';
import { INTEGER_MAX } from '../../progression/index.js';

/** Custody XP to add or subtract. */
export class CustodyXpDto {
  /**
   * Custody XP to add; a negative amount subtracts. The result is at least 0.
   * @example 50
   */
  @IsWholeNumber(-INTEGER_MAX, INTEGER_MAX)
  amount!: number;
}

/** Parser of the amount in an in-process call. */
export const CustodyXpArgument: ArgumentParser<CustodyXpDto, CustodyXpDto> = {
  Dto: CustodyXpDto,
  name: 'amount',
  wrap: (amount) => ({ amount }),
  convert: ({ amount }) => ({ amount }),
};
