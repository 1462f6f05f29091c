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

/** Most texts whose kind is remembered. The service has some thirty; whatever makes more must not fill the memory. */
const TEXTS_MAX = 200;
const kindByText = new Map<string, StatementKind>();

/** What a statement does. A SELECT that locks rows is a kind of its own: it may wait for other transactions. */
export function getStatementKind(text: string): StatementKind {
  const known = kindByText.get(text);
  if (known !== undefined) return known;
  const kind = KIND_OF_COMMAND[FIRST_WORD.exec(text)?.[1]?.toUpperCase() ?? ''] ?? 'other';
  const precise = kind === 'select' && /\bFOR (NO KEY )?UPDATE\b/i.test(text) ? 'lock' : kind;
  if (kindByText.size < TEXTS_MAX) kindByText.set(text, precise);
  return precise;
}
