import { createHash } from 'node:crypto';
import { IdentityCounter } from '../../case-id.js';
import { drain } from '../../drain.js';
import { ContentError } from '../../errors.js';
import type { FileItem } from '../../evaluation-case.js';
import type { ReadOptions } from '../../options.js';
import { readContent } from '../../source/bytes.js';
import type { EvaluationFile } from '../../source/evaluation-file.js';
import { ReadProgress } from '../../source/progress.js';
import { decodeText } from '../../source/text.js';
import { toJUnitCase } from './junit-case.js';
import { JUnitEvents, type TestcaseElement } from './junit-events.js';
import { XmlReader } from './junit-parser.js';

const PASSES = 2;

/**
 * Reads the testcases of a JUnit report, in document order. The first pass checks the whole document, so that nothing of a
 * damaged file is recorded.
 *
 * @throws ContentError if the file is cut, not well-formed or no JUnit report
 */
export async function* readJUnit(file: EvaluationFile, options: ReadOptions): AsyncGenerator<FileItem> {
  const progress = new ReadProgress(file.size * PASSES, options.onProgress);
  const fileHash = await check(file, progress);
  const counter = new IdentityCounter();
  for await (const testcase of readTestcases(readContent(file, progress.add))) {
    yield toJUnitCase(testcase, fileHash, counter, options);
  }
}

/** Parses the whole document. Returns the hash of the content. */
async function check(file: EvaluationFile, progress: ReadProgress): Promise<string> {
  const hash = createHash('sha256');
  const hashed = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of readContent(file, progress.add)) {
      hash.update(chunk);
      yield chunk;
    }
  };
  await drain(readTestcases(hashed()));
  return hash.digest('hex');
}

async function* readTestcases(bytes: AsyncIterable<Buffer>): AsyncGenerator<TestcaseElement> {
  const events = new JUnitEvents();
  const reader = new XmlReader(events);
  try {
    for await (const text of decodeText(bytes)) {
      reader.push(text);
      if (events.root !== null) assertRoot(events.root);
      yield* events.take();
    }
    reader.end();
  } catch (error) {
    if (!(error instanceof ContentError) || error.position !== null) throw error;
    throw new ContentError(error.message, reader.position(), { cause: error });
  }
  yield* events.take();
}

function assertRoot(root: string): void {
  if (root === 'testsuites' || root === 'testsuite') return;
  throw new ContentError(`is not a JUnit report: its root element is ${root.slice(0, 100)}`);
}
