/** A message of server-sent events. */
export interface Message {
  /** Undefined: unchanged. */
  id: string | undefined;
  /** Empty: the message only has an id. */
  data: string;
}

/**
 * Reads the messages of the feed. Unlike EventSource and packages for its format, it also reports messages without data: the
 * service sends the present position in such messages, after which a reader that has seen no event yet continues.
 *
 * @returns reads a part of the stream, which may end anywhere
 */
export function createMessageReader(onMessage: (message: Message) => void): (part: string) => void {
  let rest = '';
  return (part) => {
    const blocks = (rest + part).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const message: Message = { id: undefined, data: '' };
      for (const line of block.split('\n')) {
        if (line.startsWith('id: ')) message.id = line.slice('id: '.length);
        else if (line.startsWith('data: ')) message.data += line.slice('data: '.length);
      }
      onMessage(message);
    }
  };
}
