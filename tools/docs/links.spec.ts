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

/** Files and folders that a document names in code spans; docs/security.md names tests without their folder. */
function missingPaths(document: string): string[] {
  const spans = [...withoutBlocks(document).matchAll(/`([^`\s]+)`/g)].map(([, span = '']) => span);
  const paths = spans.filter((span) => /^(src|test|bench|deploy|tools|packages|docs)\/[\w./-]*$/.test(span));
  const tests = spans.filter((span) => /^(e2e|db|embedded|crash)\/[\w./-]*$/.test(span)).map((span) => `test/${span}`);
  return [...paths, ...tests].filter((path) => !existsSync(path));
}

/** Names that a TypeScript block imports from src/ and that src/ does not export. */
function missingImports(document: string): string[] {
  const imports = readFileSync(document, 'utf8').matchAll(/^import \{ (.*) \} from '\.\/(.*)\.js';$/gm);
  return [...imports].flatMap(([, names = '', file = '']) => {
    const source = existsSync(`src/${file}.ts`) ? readFileSync(`src/${file}.ts`, 'utf8') : '';
    return names
      .split(', ')
      .filter(
        (name) => !new RegExp(`export (?:(?:abstract )?(?:class|function|const) |\\{[^}]*\\b)${name}\\b`).test(source),
      );
  });
}

describe('the links of the documentation', () => {
  it.each(DOCUMENTS)('of %s resolve', (document) => {
    expect(brokenLinks(document)).toEqual([]);
  });
});

describe('the files that the documentation names', () => {
  it.each(DOCUMENTS)('in %s exist', (document) => {
    expect(missingPaths(document)).toEqual([]);
  });

  it.each(DOCUMENTS)('in the imports of %s export what is imported', (document) => {
    expect(missingImports(document)).toEqual([]);
  });
});
