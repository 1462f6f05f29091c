import type { ClientClass } from './client-class.js';

/** Most statements that get a name. The service has some twenty; whatever makes more of them must not fill the server. */
const NAMES_MAX = 100;
const nameByText = new Map<string, string>();

/**
 * A client that names its statements with parameters, so that a connection parses and plans each of them once: half of
 * the time of a lone write. Needs connections that are ours from one transaction to the next.
 */
export function withPreparedStatements(Client: ClientClass): ClientClass {
  class PreparingClient extends Client {
    // TypeORM, and so this service, passes the text and the values.
    override query(statement: unknown, ...rest: unknown[]): never {
      const query = super.query.bind(this) as (...args: unknown[]) => never;
      const [values] = rest;
      if (typeof statement !== 'string' || !Array.isArray(values)) return query(statement, ...rest);
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
