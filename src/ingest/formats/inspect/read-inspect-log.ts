import { IdentityCounter } from '../../case-id.js';
import { ContentError } from '../../errors.js';
import { type FileItem, remark } from '../../evaluation-case.js';
import type { ReadOptions } from '../../options.js';
import { firstText, isRecord, at } from '../../values.js';
import { toInspectCase } from './inspect-case.js';
import type { InspectHeader, InspectSample } from './inspect-log.js';
import { chooseScorer, ScorerNames } from './scorer.js';

/** A log in any of its layouts. */
export interface InspectSource {
  /** Reads the whole log once, and reports its samples. */
  readHeader(onSample: (sample: InspectSample) => void): Promise<InspectHeader>;
  /** Reads the samples again. */
  samples(): AsyncIterable<InspectSample>;
}

/** Reads the cases of a log. */
export async function* readInspectLog(source: InspectSource, options: ReadOptions): AsyncGenerator<FileItem> {
  const names = new ScorerNames();
  let count = 0;
  const header = await source.readHeader((sample) => {
    count += 1;
    names.add(sample);
  });
  if (!isRecord(header.eval)) throw new ContentError('is not an Inspect log: it has no member "eval"');
  yield* describeLog(header, count);
  const scorer = chooseScorer(header, names.list(), options.scorer);
  const counter = new IdentityCounter();
  for await (const sample of source.samples()) {
    yield toInspectCase(sample, { header, scorer, passMark: options.passMark }, counter);
  }
}

function* describeLog({ status, error, results }: InspectHeader, count: number): Generator<FileItem> {
  if (status === 'started') yield remark('The log is incomplete: its status is "started".');
  if (status === 'error') {
    const message = firstText(at(error, 'message'));
    yield remark(`The log ended with an error${message === null ? '' : `: ${message.slice(0, 200)}`}.`);
  }
  if (count > 0) return;
  const total = firstText(at(results, 'total_samples'));
  yield remark(
    `The log has no samples${total === null ? '' : `, but results of ${total}`}: nothing to record` +
      (status === 'cancelled' ? '. It was cancelled.' : '.'),
  );
}
