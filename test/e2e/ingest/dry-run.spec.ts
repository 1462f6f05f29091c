import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../../support/run-cli.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lvlup-ingest-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const write = async (name: string, content: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};
const dryRun = (args: string[], input?: string, variables = {}) =>
  runCli(['ingest', '--dry-run', ...args], variables, input);

const LOG = {
  version: 2,
  status: 'success',
  eval: { eval_id: 'E', run_id: 'R', task: 'pkg/task', model: 'openai/gpt-4o', created: '2025-01-01T00:00:00' },
  samples: [
    { id: 1, epoch: 1, uuid: 'a', scores: { match: { value: 'C' } } },
    { id: 2, epoch: 1, uuid: 'b', scores: { match: { value: 7 } } },
  ],
};

/** Each command is a process of its own, which takes seconds on a busy machine. */
const SEVERAL_PROCESSES_MS = 240_000;

describe('ingest --dry-run', () => {
  it(
    'shows agents, counts and what is not recorded; one refused file does not stop the others',
    async () => {
      const log = await write('log.json', JSON.stringify(LOG));
      const report = await write('cut.xml', '<testsuites>\n<testsuite name="a">');
      const { code, stdout } = await dryRun([report, log, join(folder, 'missing')]);
      expect(code).toBe(1);
      expect(stdout).toContain('openai/gpt-4o  openai/gpt-4o  pkg_task  1');
      expect(stdout).toMatch(/log\.json +inspect +2 +1 +0 +0 +1\n/);
      expect(stdout).toContain('sample 2, epoch 1: the score is 7, which is not between 0 and 1');
      expect(stdout).toMatch(
        /Refused: .*cut\.xml, line 2, column \d+: is not well-formed XML 1\.0: unclosed tag: testsuite/,
      );
      expect(stdout).toMatch(/Refused: .*missing: does not exist/);
      expect(stdout).toContain('1 case would be recorded, 1 not; 2 files refused\n');
    },
    SEVERAL_PROCESSES_MS,
  );

  it(
    'reads stdin and prints JSON',
    async () => {
      const { code, stdout } = await dryRun(
        ['-', '--agent', 'guardian', '--category', 'mine', '--json'],
        JSON.stringify(LOG),
      );
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        dry_run: true,
        refused: [],
        files: [
          {
            file: 'stdin',
            format: 'inspect',
            cases: 2,
            passed: 1,
            not_recorded: 1,
            reasons: { score_out_of_range: 1 },
            agents: [{ model: 'openai/gpt-4o', agent_type: 'guardian', category: 'mine', cases: 1 }],
          },
        ],
      });
    },
    SEVERAL_PROCESSES_MS,
  );

  it(
    'refuses an invalid command line',
    async () => {
      const log = await write('log.json', JSON.stringify(LOG));
      const map = await write('map.json', '{"openai/gpt-4o": "not valid"}');
      for (const args of [
        ['--agent', 'a b'],
        ['--category', 'A'],
        ['--pass-mark', '101'],
        ['--format', 'csv'],
        ['--agent', 'a', '--agent-map', map],
      ]) {
        expect([args, (await dryRun([log, ...args])).code]).toEqual([args, 2]);
      }
      expect(await dryRun([log, '--agent-map', map])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('map.json'),
      });
    },
    SEVERAL_PROCESSES_MS,
  );
});

const TEXT = 'The quick brown fox jumps over the lazy dog. '.repeat(60);
const MEGABYTE = 1024 * 1024;

/** Writes items until the file has a size. Returns their number. */
async function writeLarge(
  path: string,
  bytes: number,
  [head, separator, tail]: readonly [string, string, string],
  toItem: (index: number) => string,
): Promise<number> {
  const stream = createWriteStream(path);
  stream.write(head);
  let count = 0;
  for (let written = 0; written < bytes; count += 1) {
    const item = (count === 0 ? '' : separator) + toItem(count);
    written += item.length;
    if (!stream.write(item)) await once(stream, 'drain');
  }
  stream.end(tail);
  await once(stream, 'close');
  return count;
}

describe('memory', () => {
  const header = { ...LOG, samples: undefined };
  it.each([
    [
      'an Inspect log of 200 MB',
      200,
      [`${JSON.stringify(header).slice(0, -1)},"samples":[`, ',\n', ']}'] as const,
      (index: number) =>
        JSON.stringify({ ...LOG.samples[0], id: index, uuid: `u${index}`, messages: [{ content: TEXT }] }),
    ],
    [
      'samples of 200 MB in lines',
      200,
      ['', '\n', '\n'] as const,
      (index: number) =>
        JSON.stringify({ doc_id: index, doc: TEXT, filter: 'none', metrics: ['acc'], doc_hash: `h${index}`, acc: 1 }),
    ],
    [
      'a JUnit report of 50 MB',
      50,
      ['<testsuite name="s">', '\n', '</testsuite>'] as const,
      (index: number) => `<testcase name="t${index}"><system-out><![CDATA[${TEXT}]]></system-out></testcase>`,
    ],
    [
      'a JUnit report with 50 MB of output in one element',
      50,
      ['<testsuite name="s"><system-out><![CDATA[', '', ']]></system-out><testcase name="a"/></testsuite>'] as const,
      () => TEXT,
    ],
  ])(
    'is bounded for %s',
    async (_name, megabytes, parts, toItem) => {
      const path = join(folder, 'large');
      const count = await writeLarge(path, megabytes * MEGABYTE, parts, toItem);
      const { code, stdout, stderr } = await dryRun([path, '--agent', 'a', '--json'], '', {
        NODE_OPTIONS: '--max-old-space-size=48',
      });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const { files } = JSON.parse(stdout) as { files: { passed: number }[] };
      expect(files[0]?.passed).toBe(parts[2].includes('testcase name') ? 1 : count);
    },
    SEVERAL_PROCESSES_MS,
  );
});
