/**
 * Characters to escape: control characters, which a terminal would execute (including C1, which JSON does not escape),
 * line separators, and direction marks, which change the displayed text.
 */
const UNSHOWN = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Escapes a text for safe display on one line, with the escapes of JSON. */
export function shownText(text: string): string {
  return text.replace(UNSHOWN, escaped);
}

function escaped(character: string): string {
  return character === '\t' ? '\\t' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
