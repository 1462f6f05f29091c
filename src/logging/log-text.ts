/**
 * Characters to escape: control characters, which a terminal would execute (including C1, which JSON does not escape),
 * line separators, and direction marks, which change the displayed text.
 */
const UNSHOWN = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Escapes a text for safe display on one line, with the escapes of JSON. */
export function shownText(text: string): string {
  return text.replace(UNSHOWN, escaped);
}

/** Escapes each line of a text; line breaks are retained. */
export function shownLines(text: string): string {
  return text.split('\n').map(shownText).join('\n');
}

/** Formats facts as `name=value`. Values with other characters than letters, digits and `_ . / : + @ -` are quoted. */
export function shownFacts(facts: Readonly<Record<string, unknown>>): string {
  return Object.entries(facts)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${shownValue(value)}`)
    .join(' ');
}

function shownValue(value: unknown): string {
  if (typeof value === 'string' && /^[\w./:+@-]+$/.test(value)) return value;
  return shownText(JSON.stringify(value));
}

function escaped(character: string): string {
  return character === '\t' ? '\\t' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
