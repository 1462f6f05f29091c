/** Bytes as PostgreSQL reads them from text. */
export function toByteaText(bytes: Buffer): string {
  return `\\x${bytes.toString('hex')}`;
}
