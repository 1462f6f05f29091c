import { describe, expect, it } from '@jest/globals';
import { createMessageReader, type Message } from './message-reader.js';

const STREAM =
  'retry: 2000\nid: 7\n\n: heartbeat\nid: 9\n\nid: 12\nevent: custody_test\ndata: {"position":12,"text":"a: b"}\n\n';
const MESSAGES: Message[] = [
  { id: '7', data: '' },
  { id: '9', data: '' },
  { id: '12', data: '{"position":12,"text":"a: b"}' },
];

describe('messages of the feed', () => {
  it('are the same, wherever the parts of the stream end', () => {
    for (let length = 1; length <= STREAM.length; length += 1) {
      const messages: Message[] = [];
      const read = createMessageReader((message) => messages.push(message));
      for (let from = 0; from < STREAM.length; from += length) read(STREAM.slice(from, from + length));
      expect(messages).toEqual(MESSAGES);
    }
  });

  it('are reported when they are complete', () => {
    const messages: Message[] = [];
    createMessageReader((message) => messages.push(message))('id: 1\ndata: {}\n');
    expect(messages).toEqual([]);
  });
});
