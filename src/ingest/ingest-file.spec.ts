import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ingestFile, type IngestOptions, type IngestReport } from './ingest-file.js';
import { recognizeFile } from './read-file.js';
import { relateFiles } from './related-files.js';
import type { BatchItem, BatchOutcome, ResultRecorder } from './result-recorder.js';
import { openEvaluationFile, spoolEvaluationFile } from './source/evaluation-file.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lvlup-ingest-test-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const write = async (name: string, content: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};

/** Records in memory, once for each id. */
class MemoryRecorder implements ResultRecorder {
  readonly batches: number[] = [];
  readonly items = new Map<string, BatchItem>();

  record(items: readonly BatchItem[]): Promise<BatchOutcome[]> {
    this.batches.push(items.length);
    return Promise.resolve(
      items.map((item, index) => {
        const { id, agent_type } = item;
        if (item.score === 0) return { index, id, agent_type, status: 'refused', problem: { detail: 'no zeros' } };
        const status = this.items.has(id) ? 'replayed' : 'recorded';
        this.items.set(id, item);
        return { index, id, agent_type, status };
      }),
    );
  }
}

const ingest = async (
  content: string,
  recorder: ResultRecorder | null,
  options: IngestOptions = {},
): Promise<IngestReport> =>
  ingestFile(await recognizeFile(await openEvaluationFile(await write('file', content))), recorder, options);

const report = (count: number): string =>
  `<testsuite name="My Suite" timestamp="2025-01-01T00:00:00Z">${Array.from({ length: count }, (_, index) => `<testcase name="${index}" time="1"/>`).join('')}</testsuite>`;

describe('openEvaluationFile', () => {
  it.each([
    ['missing', 'does not exist'],
    ['.', 'is a folder; name its files'],
    ['/dev/zero', 'is a device, not a file'],
  ])('refuses %s', async (path, problem) => {
    await expect(openEvaluationFile(path)).rejects.toMatchObject({ name: 'EvaluationFileError', problem });
  });
});

describe('ingestFile', () => {
  it('records in batches; a longer file adds only what is new', async () => {
    const recorder = new MemoryRecorder();
    const first = await ingest(report(2500), recorder, { agent: 'imperium' });
    expect(recorder.batches).toEqual([1000, 1000, 500]);
    expect(first).toMatchObject({
      recorded: 2500,
      replayed: 0,
      format: 'junit',
      agents: [{ agent_type: 'imperium', category: 'my_suite', cases: 2500 }],
    });
    expect(await ingest(report(2501), recorder, { agent: 'imperium' })).toMatchObject({ recorded: 1, replayed: 2500 });
  });

  it('converts cases to items', async () => {
    const recorder = new MemoryRecorder();
    await ingest(
      '<testsuite name="s"><testcase name="a"/><testcase name="b" time="2"><error message="e"/></testcase></testsuite>',
      recorder,
      { agent: 'a/b', category: 'mine' },
    );
    expect([...recorder.items.values()]).toEqual([
      {
        id: expect.stringMatching(/^junit:/),
        agent_type: 'a/b',
        type: 'custody_test',
        outcome: 'passed',
        score: 100,
        duration: null,
        category: 'mine',
        evidence: { source: 'junit', case_id: 'a', attempt: 1, details: { suites: ['s'], line_in_report: 1 } },
      },
      {
        id: expect.stringMatching(/^junit:/),
        agent_type: 'a/b',
        type: 'custody_test',
        outcome: 'errored',
        duration: 2,
        category: 'mine',
        evidence: {
          source: 'junit',
          case_id: 'b',
          attempt: 1,
          reason: 'e',
          details: { suites: ['s'], line_in_report: 1 },
        },
      },
    ]);
  });

  it('records nothing in a dry run, and counts', async () => {
    const cases: number[] = [];
    const { tally, recorded } = await ingest(
      '<testsuite><testcase name="a"/><testcase name="b"><failure/></testcase><testcase name="c"><skipped/></testcase></testsuite>',
      null,
      { agent: 'a', onCases: (count) => cases.push(count) },
    );
    expect(tally).toMatchObject({ cases: 2, passed: 1, failed: 1, errored: 0, skipped: 1, reasons: { not_run: 1 } });
    expect([recorded, cases]).toEqual([0, [1, 2]]);
  });

  it('does not record cases without an agent type', async () => {
    const { tally } = await ingest(report(2), new MemoryRecorder());
    expect(tally).toMatchObject({ cases: 0, passed: 0, skipped: 2, reasons: { no_agent: 2 } });
  });

  it('counts refused results as not recorded', async () => {
    const { tally, recorded } = await ingest(
      '<testsuite><testcase name="a"><failure/></testcase><testcase name="b"/></testsuite>',
      new MemoryRecorder(),
      { agent: 'a' },
    );
    expect(tally).toMatchObject({
      cases: 1,
      failed: 0,
      skipped: 1,
      reasons: { refused: 1 },
      skippedCases: [{ reason: 'no zeros' }],
    });
    expect(recorded).toBe(1);
  });

  it('records nothing of a refused file', async () => {
    const recorder = new MemoryRecorder();
    await expect(ingest(report(3000).slice(0, -5), recorder, { agent: 'a' })).rejects.toThrow(/not well-formed/);
    expect(recorder.batches).toEqual([]);
  });

  it('shows the progress', async () => {
    const progress: [number, number][] = [];
    const content = report(1000);
    await ingest(content, null, { agent: 'a', onProgress: (read, total) => progress.push([read, total]) });
    expect(progress.at(-1)).toEqual([content.length * 2, content.length * 2]);
  });

  it('ingests a stream', async () => {
    const file = await spoolEvaluationFile(
      (async function* () {
        yield Buffer.from(await Promise.resolve(report(2)));
      })(),
      'stdin',
    );
    expect(await ingestFile(await recognizeFile(file), null, { agent: 'a' })).toMatchObject({
      file: 'stdin',
      tally: { cases: 2 },
    });
    await file.dispose();
    await expect(recognizeFile(file)).rejects.toThrow('stdin: cannot be read: ENOENT');
  });

  it.each([
    ['missing', /does not exist/],
    ['', /is a folder/],
  ])('refuses %j', async (name, message) => {
    await expect(openEvaluationFile(join(folder, name))).rejects.toThrow(message);
  });
});

describe('relateFiles', () => {
  const sample = (doc: string): string =>
    JSON.stringify({ doc_id: 1, doc_hash: doc, filter: 'none', metrics: ['acc'], acc: 1 });
  const results = (tasks: string[]): string =>
    JSON.stringify({
      results: Object.fromEntries(tasks.map((task) => [task, { 'acc,none': 1 }])),
      configs: {},
      model_name: 'org/m',
      date: 1,
    });

  it('takes the model from the results, and counts no task twice', async () => {
    const paths = [
      await write('results_2026-01-01T00-00-00.json', results(['a', 'b'])),
      await write('samples_a_2026-01-01T00-00-00.jsonl', sample('x')),
      await write('samples_b_2027-01-01T00-00-00.jsonl', sample('x')),
    ];
    const files = await Promise.all(paths.map(async (path) => recognizeFile(await openEvaluationFile(path))));
    const related = await relateFiles(files);
    const reports = await Promise.all(files.map((file) => ingestFile(file, null, {}, related)));
    expect(reports.map(({ tally }) => [tally.cases, tally.reasons])).toEqual([
      [1, { samples_given: 1 }],
      [1, {}],
      [0, { no_agent: 1 }],
    ]);
    expect(reports[1]?.agents).toMatchObject([{ model: 'org/m', category: 'a' }]);
  });
});
