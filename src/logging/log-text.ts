import { shownText } from '../common/index.js';

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
