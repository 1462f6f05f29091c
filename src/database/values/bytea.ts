/** Formats bytes as the text form of bytea. */
export function toByteaText(bytes: Buffer): string {
  return `\\x${bytes.toString('hex')}`;
}
