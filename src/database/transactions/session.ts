/** Runs statements on one connection, in the order of the calls. A TypeORM `EntityManager` is a session. */
export interface Session {
  /** Returns the rows; for UPDATE and DELETE the rows and their number. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as in TypeORM: the caller knows the rows
  query<T = any>(statement: string, parameters?: unknown[]): Promise<T>;
}
