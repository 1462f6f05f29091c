/** The text of a JSON array nested this deep. */
export function createNestedJson(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}

/** The text of a PUT's body that is exactly this many bytes long, and as JSON and by the rules fine. */
export function createBodyOfBytes(bytes: number): string {
  const frame = '{"config":{"text":""}}';
  return `{"config":{"text":"${'x'.repeat(bytes - frame.length)}"}}`;
}

/** A cursor as the API makes them, of keys that it need not have made. */
export function createCursor(keys: unknown): string {
  return createCursorOfText(JSON.stringify(keys));
}

export function createCursorOfText(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}
