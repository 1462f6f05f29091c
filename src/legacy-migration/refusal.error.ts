/** The legacy migration cannot run. The advice says how to fix that. Nothing was changed. */
export class MigrationRefusal extends Error {
  override readonly name = 'MoveRefusal';

  constructor(
    message: string,
    readonly advice: string,
  ) {
    super(message);
  }
}
