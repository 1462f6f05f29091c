import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runCli } from '../../support/run-cli.js';
import { createTestDatabase, EMPTY_TEMPLATE, type TestDatabase } from '../../support/test-database.js';
import { until } from '../support/until.js';
import { createLog, createReport } from './files.js';

let folder: string;
let database: TestDatabase;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lvlup-ingest-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const write = async (name: string, content: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};
const ingest = async (path: string, ...args: string[]) => {
  const { code, stdout, stderr } = await runCli(['ingest', path, '--json', ...args], { DATABASE_URL: database.url });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { files } = JSON.parse(stdout) as { files: { recorded: number; replayed: number }[] };
  return { recorded: files[0]?.recorded, replayed: files[0]?.replayed };
};
const countTests = async (): Promise<number> => {
  const [row] = await database.query<{ count: number }>(
    "SELECT count(*)::integer FROM agent_events WHERE type = 'custody_test'",
  );
  return row?.count ?? 0;
};

/** Each command is a process of its own, which takes seconds on a busy machine. */
const SEVERAL_PROCESSES_MS = 240_000;

describe('ingest', () => {
  it(
    'records a file once, however often it is ingested, and of a longer version only what is new',
    async () => {
      const path = await write('report.xml', createReport(30, { failed: 10 }));
      expect(await ingest(path, '--agent', 'guardian')).toEqual({ recorded: 30, replayed: 0 });
      expect(await ingest(path, '--agent', 'guardian')).toEqual({ recorded: 0, replayed: 30 });
      const longer = await write('longer.xml', createReport(35, { failed: 10 }));
      expect(await ingest(longer, '--agent', 'guardian')).toEqual({ recorded: 5, replayed: 30 });
      expect(
        await database.query('SELECT total_tests_given, total_tests_passed, total_tests_failed FROM agent_metrics'),
      ).toEqual([{ total_tests_given: 35, total_tests_passed: 25, total_tests_failed: 10 }]);
      expect(await countTests()).toBe(35);
    },
    SEVERAL_PROCESSES_MS,
  );

  it(
    'takes the agent from the model, and an unknown duration as null',
    async () => {
      expect(await ingest(await write('log.json', createLog(['C', 'I'])))).toEqual({ recorded: 2, replayed: 0 });
      const events = await database.query(
        "SELECT agent_type, payload FROM agent_events WHERE type = 'custody_test' ORDER BY version",
      );
      expect(events).toMatchObject([
        { agent_type: 'openai/gpt-4o', payload: { passed: true, score: 100, category: 'pkg_task' } },
        { agent_type: 'openai/gpt-4o', payload: { passed: false, score: 0 } },
      ]);
      for (const { payload } of events) expect((payload as { duration?: unknown }).duration ?? null).toBeNull();
    },
    SEVERAL_PROCESSES_MS,
  );

  it(
    'that is killed in the middle is continued by repeating it',
    async () => {
      const cases = 20_000;
      const path = await write('large.xml', createReport(cases));
      const child = start(['ingest', path, '--agent', 'guardian']);
      await until(async () => (await countTests()) > 0);
      child.kill('SIGKILL');
      await once(child, 'close');
      const before = await countTests();
      expect(before).toBeLessThan(cases);
      const { recorded = 0, replayed } = await ingest(path, '--agent', 'guardian');
      // A transaction that the server still had may have been committed after the count.
      expect(recorded).toBeLessThanOrEqual(cases - before);
      expect(replayed).toBe(cases - recorded);
      expect(await countTests()).toBe(cases);
      expect(await database.query('SELECT total_tests_given FROM agent_metrics')).toEqual([
        { total_tests_given: cases },
      ]);
    },
    SEVERAL_PROCESSES_MS,
  );

  it(
    'creates the tables of an empty database',
    async () => {
      const empty = await createTestDatabase(EMPTY_TEMPLATE);
      const path = await write('first.json', createLog(['C'], 'first'));
      const ingest = () => runCli(['ingest', path], { DATABASE_URL: empty.url });
      expect(await ingest()).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('1 case recorded, 0 known before'),
      });
      expect(await ingest()).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('0 cases recorded, 1 known before'),
      });
      await empty.drop();
    },
    SEVERAL_PROCESSES_MS,
  );

  it(
    'lists what the service refuses, and exits with 1',
    async () => {
      const path = await write('model.json', createLog(['C'], 'analytics'));
      const { code, stdout } = await runCli(['ingest', path], { DATABASE_URL: database.url });
      expect(code).toBe(1);
      expect(stdout).toMatch(/not recorded: refused 1\n {2}sample 0, epoch 1: agent_type /);
      expect(stdout).toContain('0 cases recorded, 0 known before, 1 not recorded\n');
    },
    SEVERAL_PROCESSES_MS,
  );
});

function start(args: readonly string[]): ChildProcess {
  const { PATH = '' } = process.env;
  return spawn(process.execPath, ['dist/src/cli/main.js', ...args], {
    env: { PATH, DATABASE_URL: database.url },
    stdio: 'ignore',
  });
}
