import pg from 'pg';
import textParsers from 'pg-types/lib/textParsers.js';
import { parseJson } from '../../common/index.js';

/** The parsers of `pg`, by type, as they are before anyone calls `pg.types.setTypeParser`, which affects the process. */
const parsers = new Map<number, (value: string) => unknown>();
textParsers.init((oid, parser) => parsers.set(oid, parser));
parsers.set(pg.types.builtins.JSON, parseJson);
parsers.set(pg.types.builtins.JSONB, parseJson);

/** Type parsers of the service's statements. A type without a parser is text. */
export const TYPES: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    (format === 'binary' ? pg.types.getTypeParser(oid, format) : (parsers.get(oid) ?? String)) as never,
};
