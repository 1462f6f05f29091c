/** Characters at the start of a cell that spreadsheets interpret as a formula, and the escaping apostrophe. */
const FORMULA_START = "['=+\\-@\\t\\r\\n\uff1d\uff0b\uff0d\uff20]";
const TO_ESCAPE = new RegExp(`^${FORMULA_START}`);
const IS_ESCAPED = new RegExp(`^'${FORMULA_START}`);

/** Prefixes text that a spreadsheet would interpret as a formula with an apostrophe. */
export function escapeFormula(text: string): string {
  return TO_ESCAPE.test(text) ? `'${text}` : text;
}

/** Reverses `escapeFormula`. */
export function unescapeFormula(cell: string): string {
  return IS_ESCAPED.test(cell) ? cell.slice(1) : cell;
}
