/** Why the move can't be made, and what to do about it. Nothing was changed. */
export class MoveRefusal extends Error {
  override readonly name = 'MoveRefusal';

  constructor(
    message: string,
    readonly advice: string,
  ) {
    super(message);
  }
}
