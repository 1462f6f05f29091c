import type { ZipEntry } from './zip.js';

/** `eval` of a log. */
export const inspectSpec = {
  eval_id: 'E1',
  run_id: 'R1',
  task: 'suite/task',
  model: 'openai/gpt-4o',
  created: '2025-01-01T00:00:00+00:00',
  scorers: [{ name: 'match' }],
};
/** A sample with a score of the scorer `match`. */
export const inspectSample = (id: number | string, value: unknown, more: object = {}): object => ({
  id,
  epoch: 1,
  uuid: `U${id}`,
  messages: [{ role: 'user', content: 'hello' }],
  scores: { match: { value, answer: 'x', explanation: 'because' } },
  total_time: 1.5,
  completed_at: '2025-01-02T00:00:00+00:00',
  ...more,
});
/** A finished log. */
export const inspectLog = (samples: readonly object[], more: object = {}): object => ({
  version: 2,
  status: 'success',
  eval: inspectSpec,
  results: { scores: [{ name: 'match', scorer: 'match' }] },
  samples,
  ...more,
});

/** `header.json` of an archive. */
export const inspectHeader = {
  version: 2,
  status: 'success',
  eval: inspectSpec,
  results: { scores: [{ name: 'match', scorer: 'match' }] },
};

/** Entries of a finished log with these samples, besides a journal and summaries. */
export function inspectEntries(samples: readonly object[], method: ZipEntry['method'] = 'deflate'): ZipEntry[] {
  return [
    { name: '_journal/start.json', content: { version: 2, eval: inspectSpec }, method },
    ...samples.map((content, index) => ({ name: `samples/a${index}/b_epoch_1.json`, content, method })),
    { name: '_journal/summaries/1.json', content: [], method },
    { name: 'summaries.json', content: [], method },
    { name: 'reductions.json', content: [{ scorer: 'match', samples: [] }], method },
    { name: 'header.json', content: inspectHeader, method },
  ];
}
