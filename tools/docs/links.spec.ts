import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const DOCUMENTS = [
  ...readdirSync('.').filter((file) => file.endsWith('.md')),
  ...['docs', 'bench'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.md'))
      .map((file) => join(folder, file)),
  ),
];
const FENCED_BLOCK = /^```[^]*?^```$/gm;
const LINK = /\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g;
const HEADING = /^#+ (.*)$/gm;

/** The anchor of a heading, as on GitHub. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

function withoutBlocks(document: string): string {
  return readFileSync(document, 'utf8').replaceAll(FENCED_BLOCK, '');
}

function brokenLinks(document: string): string[] {
  return [...withoutBlocks(document).matchAll(LINK)].flatMap(([link, file = '', anchor]) => {
    const target = file === '' ? document : join(dirname(document), file);
    if (!existsSync(target)) return [link];
    if (anchor === undefined) return [];
    const anchors = [...withoutBlocks(target).matchAll(HEADING)].map(([, heading = '']) => anchorOf(heading));
    return anchors.includes(anchor) ? [] : [link];
  });
}

describe('the links of the documentation', () => {
  it.each(DOCUMENTS)('of %s resolve', (document) => {
    expect(brokenLinks(document)).toEqual([]);
  });
});
