import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EvaluationCase, EvaluationFormat, FileItem, SkippedCase } from '../../../src/ingest/evaluation-case.js';
import type { ReadOptions } from '../../../src/ingest/options.js';
import { readEvaluationFile, recognizeFile } from '../../../src/ingest/read-file.js';
import { openEvaluationFile } from '../../../src/ingest/source/evaluation-file.js';

export interface ReadContent {
  items: FileItem[];
  cases: EvaluationCase[];
  skipped: SkippedCase[];
  remarks: string[];
  format: EvaluationFormat;
}

/** Reads an evaluation file with this content. For tests. */
export async function readContentOf(
  content: string | Buffer | object,
  { name = 'file', format, ...options }: ReadOptions & { name?: string; format?: EvaluationFormat | undefined } = {},
): Promise<ReadContent> {
  const folder = await mkdtemp(join(tmpdir(), 'lvlup-ingest-test-'));
  try {
    const path = join(folder, name);
    const isText = typeof content === 'string' || Buffer.isBuffer(content);
    await writeFile(path, isText ? content : JSON.stringify(content));
    const recognized = await recognizeFile(await openEvaluationFile(path), format);
    const items: FileItem[] = [];
    for await (const item of readEvaluationFile(recognized, options)) items.push(item);
    return {
      items,
      cases: items.filter((item) => item.kind === 'case'),
      skipped: items.filter((item) => item.kind === 'skipped'),
      remarks: items.flatMap((item) => (item.kind === 'remark' ? [item.text] : [])),
      format: recognized.detected.format,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
