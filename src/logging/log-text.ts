/**
 * What a terminal would obey instead of showing it (controls, among them the C1 that JSON leaves as they are), and what
 * would show other text than is there (separators of lines, marks of direction).
 */
const UNSHOWN = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** The text on one line, harmless wherever it is shown: JSON's escapes in place of what isn't shown as it is. */
export function shownText(text: string): string {
  return text.replace(UNSHOWN, escaped);
}

/** As shownText, for text of several lines. */
export function shownLines(text: string): string {
  return text.split('\n').map(shownText).join('\n');
}

/** Facts as `name=value`, in quotes where a value could be taken for more than one. */
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
