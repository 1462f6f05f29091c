import { buildSearchPath, SESSION_FORMS } from '../client/index.js';
import type { Session } from './session.js';

/** Values that have the same effect as those of the service. */
const EQUIVALENT: Readonly<Record<string, RegExp>> = {
  datestyle: /^ISO\b/,
  extra_float_digits: /^[123]$/,
  timezone: /^(?:Etc\/)?(?:UTC|UCT|GMT|Zulu)$/i,
};

const APPLY = 'SELECT set_config(name, value, true) FROM unnest($1::text[], $2::text[]) AS setting (name, value)';

/** Runs work with the session settings of the service, in a transaction of the host, and restores the host's settings. */
export class SessionScope {
  private readonly settings: Readonly<Record<string, string>>;
  private readonly read: string;

  /** @param schema of the tables; null: the host's search path */
  constructor(schema: string | null) {
    this.settings = { ...SESSION_FORMS, ...(schema === null ? {} : { search_path: buildSearchPath(schema) }) };
    const current = Object.keys(this.settings).map((name) => `current_setting('${name}') AS ${name}`);
    this.read = `SELECT ${current.join(', ')}, current_setting('synchronous_commit') AS synchronous_commit`;
  }

  async run<T>(session: Session, work: () => Promise<T>): Promise<T> {
    const [found = {}] = await session.query<Record<string, string>[]>(this.read);
    const different = Object.keys(this.settings).filter((name) => !this.isApplied(name, found[name]));
    const apply = (names: readonly string[], values: Readonly<Record<string, string>>) =>
      session.query(APPLY, [names, names.map((name) => values[name])]);
    // The acknowledgement of the write depends on it, until the host commits.
    if (found['synchronous_commit'] === 'off') await apply(['synchronous_commit'], { synchronous_commit: 'on' });
    if (different.length === 0) return work();
    await apply(different, this.settings);
    try {
      const result = await work();
      await apply(different, found);
      return result;
    } catch (error) {
      // After a failed statement, the host rolls back, which restores the settings.
      await apply(different, found).catch(() => undefined);
      throw error;
    }
  }

  private isApplied(name: string, value = ''): boolean {
    return value === this.settings[name] || EQUIVALENT[name]?.test(value) === true;
  }
}
