import { createHash } from 'node:crypto';
import { readContent } from './bytes.js';
import type { EvaluationFile } from './evaluation-file.js';
import { readLines } from './lines.js';
import { decodeText } from './text.js';

/** SHA-256 of the content. */
export async function hashContent(file: EvaluationFile): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of readContent(file)) hash.update(chunk);
  return hash.digest('hex');
}

/** SHA-256 of the first line. It stays when lines are appended to the file. */
export async function hashFirstLine(file: EvaluationFile): Promise<string> {
  const hash = createHash('sha256');
  for await (const { text } of readLines(decodeText(readContent(file)))) {
    hash.update(text?.trim() ?? '');
    break;
  }
  return hash.digest('hex');
}
