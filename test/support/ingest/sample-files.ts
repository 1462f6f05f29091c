import { writeZip } from './zip.js';

const lines = (values: readonly object[]): string => values.map((value) => JSON.stringify(value)).join('\n');

const inspectHeader = {
  version: 2,
  status: 'success',
  eval: { eval_id: 'E', run_id: 'R', task: 'pkg/task', model: 'm', created: '2026-01-01T00:00:00+00:00' },
};
const inspectSamples = [1, 2, 3].map((id) => ({
  id,
  epoch: 1,
  uuid: `u${id}`,
  scores: { match: { value: id / 4, explanation: 'é', metadata: { a: [1] } } },
  total_time: 1.5,
}));
const promptfooRows = [1, 2, 3].map((id) => ({
  id: `r${id}`,
  evalId: 'eval-a-2026-01-01T00:00:00',
  success: id > 1,
  score: id / 4,
  latencyMs: 1500,
  failureReason: 0,
  gradingResult: { pass: id > 1, score: id / 4, reason: 'r', componentResults: [] },
  provider: { id: 'm' },
  testIdx: id,
  promptIdx: 0,
}));
const lmEvalRows = [1, 2, 3].map((id) => ({
  doc_id: id,
  doc_hash: `h${id}`,
  doc: { q: 'x' },
  target: 'a',
  resps: [],
  filtered_resps: ['a'],
  filter: 'none',
  metrics: ['acc'],
  acc: id % 2,
}));
const records = [1, 2, 3].map((id) => ({
  schema_version: '1',
  evaluation_id: 'e/1707000000',
  model_id: 'm',
  evaluation_name: 'gsm8k',
  sample_id: `s${id}`,
  evaluation: { score: 1, is_correct: true },
}));

/** A small file of each format and layout, with at least two cases. */
export const SAMPLE_FILES: Readonly<Record<string, Buffer>> = {
  junit: Buffer.from(
    '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites><testsuite name="s" timestamp="2026-01-01T00:00:00">\n' +
      '<testcase name="a" classname="é" time="1.5"/><testcase name="b"><failure message="m"><![CDATA[at <x>]]></failure></testcase>\n' +
      '<testcase name="c"><properties><property name="model" value="m"/></properties><error/></testcase></testsuite></testsuites>\n',
  ),
  'inspect json': Buffer.from(JSON.stringify({ ...inspectHeader, samples: inspectSamples }, null, 1)),
  'inspect eval': writeZip([
    { name: 'header.json', content: inspectHeader },
    ...inspectSamples.map((sample) => ({ name: `samples/${sample.id}_epoch_1.json`, content: sample })),
  ]),
  'promptfoo json': Buffer.from(
    JSON.stringify({
      evalId: 'eval-a-2026-01-01T00:00:00',
      results: { version: 3, timestamp: '2026-01-01T00:00:00Z', prompts: [], results: promptfooRows, stats: {} },
      config: { description: 'd' },
      shareableUrl: null,
    }),
  ),
  'promptfoo lines': Buffer.from(lines(promptfooRows)),
  'lm-eval lines': Buffer.from(lines(lmEvalRows)),
  'lm-eval array': Buffer.from(JSON.stringify(lmEvalRows)),
  'lm-eval results': Buffer.from(
    JSON.stringify({
      results: { arc: { alias: 'arc', 'acc,none': 0.5, 'acc_stderr,none': 0.1 }, gsm: { 'exact_match,none': 0.25 } },
      config: { model: 'hf', model_args: 'pretrained=a/b' },
      model_name: 'a/b',
      date: 1_707_000_000,
      'n-shot': { arc: 0, gsm: 5 },
      versions: { arc: 1, gsm: 3 },
    }),
  ),
  'every-eval-ever aggregate': Buffer.from(
    JSON.stringify({
      schema_version: '0.2.0',
      evaluation_id: 'e/1707000000',
      model_info: { id: 'm', name: 'm' },
      evaluation_results: ['gsm8k', 'arc'].map((name) => ({
        evaluation_name: name,
        metric_config: { lower_is_better: false, min_score: 0, max_score: 1 },
        score_details: { score: 0.5 },
      })),
    }),
  ),
  'every-eval-ever lines': Buffer.from(lines(records)),
};
