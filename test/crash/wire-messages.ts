/**
 * Splits the bytes of one side of a PostgreSQL connection into messages: a type of one byte, then the length (itself
 * included) as four bytes, then the content. https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export class WireMessages {
  private buffered = Buffer.alloc(0);

  /** @param typeLength 0 for a client, whose first message has no type; 1 for a server */
  constructor(private typeLength: 0 | 1) {}

  /** The messages that are complete with this chunk, each with its type and length. */
  add(chunk: Buffer): Buffer[] {
    this.buffered = Buffer.concat([this.buffered, chunk]);
    const messages = [];
    for (;;) {
      const lengthEnd = this.typeLength + LENGTH_BYTES;
      if (this.buffered.length < lengthEnd) return messages;
      const end = this.typeLength + this.buffered.readUInt32BE(this.typeLength);
      if (this.buffered.length < end) return messages;
      messages.push(this.buffered.subarray(0, end));
      this.buffered = this.buffered.subarray(end);
      this.typeLength = 1;
    }
  }
}

const LENGTH_BYTES = 4;
const HEAD_BYTES = 1 + LENGTH_BYTES;

/** A client's COMMIT: as a simple query, or being parsed as an unnamed statement. */
export function isCommit(message: Buffer): boolean {
  const [type, content] = [message.toString('latin1', 0, 1), message.toString('utf8', HEAD_BYTES)];
  return (type === 'Q' && content === 'COMMIT\0') || (type === 'P' && content.startsWith('\0COMMIT\0'));
}

/** A server's word that the transaction is committed. */
export function isCommitted(message: Buffer): boolean {
  return message.toString('latin1', 0, 1) === 'C' && message.toString('utf8', HEAD_BYTES) === 'COMMIT\0';
}
