import type { StatementKind } from '../../common/index.js';
import { PLANNED_EACH_TIME } from './prepared-statements.js';

const KIND_OF_COMMAND: Readonly<Record<string, StatementKind>> = {
  SELECT: 'select',
  WITH: 'select',
  INSERT: 'insert',
  UPDATE: 'update',
  DELETE: 'delete',
  BEGIN: 'begin',
  START: 'begin',
  SET: 'set',
  COMMIT: 'commit',
  ROLLBACK: 'rollback',
};
const UPDATE_IN_WITH = /^\s*WITH \w+ AS \(\s*UPDATE /;
const FIRST_WORD = /^\s*([A-Za-z]+)/;

/** Maximum number of cached texts, which limits memory. The service has about 30. */
const TEXTS_MAX = 200;
const kindByText = new Map<string, StatementKind>();

/**
 * Kind of a statement. A SELECT that locks rows has its own kind, because it may wait for other transactions. Statements with
 * many forms are not cached.
 */
export function getStatementKind(text: string): StatementKind {
  if (text.startsWith(PLANNED_EACH_TIME)) return findKind(text.slice(PLANNED_EACH_TIME.length));
  const known = kindByText.get(text);
  if (known !== undefined) return known;
  const kind = findKind(text);
  if (kindByText.size < TEXTS_MAX) kindByText.set(text, kind);
  return kind;
}

function findKind(text: string): StatementKind {
  const kind = KIND_OF_COMMAND[FIRST_WORD.exec(text)?.[1]?.toUpperCase() ?? ''] ?? 'other';
  if (UPDATE_IN_WITH.test(text)) return 'update';
  return kind === 'select' && /\bFOR (NO KEY )?UPDATE\b/i.test(text) ? 'lock' : kind;
}
