/** Signs that make a cell a formula in spreadsheets, and the apostrophe that a cell is escaped with. */
const ESCAPED = "['=+\\-@\\t\\r\\n\uff1d\uff0b\uff0d\uff20]";
const TO_ESCAPE = new RegExp(`^${ESCAPED}`);
const IS_ESCAPED = new RegExp(`^'${ESCAPED}`);

/** Text that no spreadsheet takes for a formula: with an apostrophe before it where it could be one. */
export function escapeFormula(text: string): string {
  return TO_ESCAPE.test(text) ? `'${text}` : text;
}

/** The text that `escapeFormula` was given. */
export function unescapeFormula(cell: string): string {
  return IS_ESCAPED.test(cell) ? cell.slice(1) : cell;
}
