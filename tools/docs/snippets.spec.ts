import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

/** A block of TypeScript under the path of its file. */
const SNIPPET = /^`(examples\/[\w./-]+)`:\n\n```ts\n([^]*?)^```$/gm;
const snippets = [...readFileSync('docs/embedding.md', 'utf8').matchAll(SNIPPET)].map(
  ([, file = '', text = '']) => [file, text] as const,
);

/** Prettier indents a snippet by its own level. */
function withoutIndentation(text: string): string {
  return text.replaceAll(/^ +/gm, '');
}

describe('the snippets of docs/embedding.md', () => {
  it('are shown', () => {
    expect(snippets.length).toBeGreaterThanOrEqual(4);
  });

  it.each(snippets)('are from %s', (file, text) => {
    expect(withoutIndentation(readFileSync(file, 'utf8'))).toContain(withoutIndentation(text));
  });
});
