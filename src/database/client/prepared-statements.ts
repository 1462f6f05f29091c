import type { ClientClass } from './client-class.js';

/** Maximum number of prepared statements, which limits the server's memory. The service has about 20. */
const NAMES_MAX = 100;
const nameByText = new Map<string, string>();

/**
 * Begin of a statement that is not prepared: one with many forms, of which each would use a name, or whose plan depends on
 * its parameters.
 */
export const PLANNED_EACH_TIME = '/* planned each time */';

/**
 * Names statements with parameters, so that each connection parses and plans them once. This halves the time of a single
 * write. Requires connections that keep their session between transactions.
 */
export function withPreparedStatements(Client: ClientClass): ClientClass {
  class PreparingClient extends Client {
    // TypeORM passes the text and the values.
    override query(statement: unknown, ...rest: unknown[]): never {
      const query = super.query.bind(this) as (...args: unknown[]) => never;
      const [values] = rest;
      if (typeof statement !== 'string' || !Array.isArray(values) || statement.startsWith(PLANNED_EACH_TIME))
        return query(statement, ...rest);
      return query({ text: statement, name: getName(statement) }, ...rest);
    }
  }
  return PreparingClient;
}

function getName(text: string): string | undefined {
  let name = nameByText.get(text);
  if (name === undefined && nameByText.size < NAMES_MAX) {
    name = `lvlup_${nameByText.size + 1}`;
    nameByText.set(text, name);
  }
  return name;
}
