import type { StatementKind } from '../../common/index.js';

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
const FIRST_WORD = /^\s*([A-Za-z]+)/;

/** Maximum number of cached texts, which limits memory. The service has about 30. */
const TEXTS_MAX = 200;
const kindByText = new Map<string, StatementKind>();

/** Kind of a statement. A SELECT that locks rows has its own kind, because it may wait for other transactions. */
export function getStatementKind(text: string): StatementKind {
  const known = kindByText.get(text);
  if (known !== undefined) return known;
  const kind = KIND_OF_COMMAND[FIRST_WORD.exec(text)?.[1]?.toUpperCase() ?? ''] ?? 'other';
  const precise = kind === 'select' && /\bFOR (NO KEY )?UPDATE\b/i.test(text) ? 'lock' : kind;
  if (kindByText.size < TEXTS_MAX) kindByText.set(text, precise);
  return precise;
}
