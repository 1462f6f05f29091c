import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A command of a document, with the response that the document shows below it. */
export interface Example {
  line: number;
  command: string;
  response: { language: 'json' | 'http' | 'text'; text: string } | null;
}

const RESPONSE_LANGUAGES = ['json', 'http', 'text'] as const;
/** Lines that set a variable for the commands below them. */
const ASSIGNMENTS = /^(?:\w+=.*\n?)+$/;
const FENCED_BLOCK = /^```(\w*)\n([^]*?)^```$/gm;

/** README.md and the Markdown files of docs/ that show requests with curl. */
export function documentsWithExamples(): string[] {
  const docs = readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'));
  return ['README.md', ...docs.map((file) => join('docs', file)).sort()].filter(
    (document) => readExamples(document).length > 0,
  );
}

/**
 * The `sh` blocks of a document that begin with curl, in their order. Variables that earlier blocks set are set before
 * each. A response is the `json`, `http` or `text` block that follows immediately.
 */
export function readExamples(document: string): Example[] {
  const markdown = readFileSync(document, 'utf8');
  const examples: Example[] = [];
  let variables = '';
  let end = 0;
  for (const { index, 0: block, 1: language = '', 2: text = '' } of markdown.matchAll(FENCED_BLOCK)) {
    const last = examples.at(-1);
    const follows = markdown.slice(end, index).trim() === '' && end > 0;
    if (language === 'sh' && ASSIGNMENTS.test(text)) variables += text;
    if (language === 'sh' && text.startsWith('curl ')) {
      const line = markdown.slice(0, index).split('\n').length;
      examples.push({ line, command: `${variables}${text}`, response: null });
    } else if (follows && last?.response === null && isResponseLanguage(language)) {
      last.response = { language, text };
    }
    end = language === 'sh' && text.startsWith('curl ') ? index + block.length : 0;
  }
  return examples;
}

function isResponseLanguage(language: string): language is (typeof RESPONSE_LANGUAGES)[number] {
  return (RESPONSE_LANGUAGES as readonly string[]).includes(language);
}
