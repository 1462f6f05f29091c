import { lstat, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DatabaseConnection } from '../../src/config/database-url.js';
import { runCli } from '../support/run-cli.js';
import { createTestDatabase, EMPTY_TEMPLATE, type TestDatabase } from '../support/test-database.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath, EXPORT } from './support/paths.js';

let folder: string;
let app: TestApp;
/** Of a database without any table. */
let empty: TestDatabase;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lvlup-transfer-'));
  app = await startTestApp();
  for (const score of [90, 20]) {
    await app.send('POST', agentPath('guardian', 'custody-test'), { passed: score > 70, score, duration: 1 });
  }
  empty = await createTestDatabase(EMPTY_TEMPLATE);
});
afterAll(async () => {
  await app.close();
  await empty.drop();
  await rm(folder, { recursive: true });
});

const urlOf = ({ host, port, user, password = '', database }: DatabaseConnection) =>
  `postgresql://${user}:${password}@localhost/${database}?host=${encodeURIComponent(host)}&port=${port}`;
const there = (...args: string[]) => runCli(args, { DATABASE_URL: urlOf(app.database.connection) });
const here = (args: string[], input?: string) => runCli(args, { DATABASE_URL: urlOf(empty.connection) }, input);

/** Each command is a process of its own, which takes seconds on a busy machine. */
const SEVERAL_PROCESSES_MS = 240_000;

describe('export and import as commands', () => {
  it(
    'copy everything to an empty database',
    async () => {
      const file = join(folder, 'events.csv');
      expect(await there('export', 'events', '--format', 'csv', '--output', file)).toEqual({
        code: 0,
        stdout: '',
        stderr: '6 events exported\n',
      });
      expect(await readdir(folder)).toEqual(['events.csv']);
      expect(await readFile(file, 'utf8')).toBe((await app.send('GET', `${EXPORT}?of=events&format=csv`)).body);

      const tried = await here(['import', file, '--dry-run', '--json']);
      expect(JSON.parse(tried.stdout)).toEqual({
        of: 'events',
        agents: 4,
        events: 6,
        tombstones: 0,
        invalid: 0,
        accepted: true,
        dryRun: true,
        named: [],
      });
      expect(await here(['import', file])).toEqual({
        code: 0,
        stdout: '4 agents, 6 events imported, 0 invalid\n',
        stderr: '',
      });
      for (const what of ['agents', 'events']) {
        expect((await here(['export', what])).stdout).toBe((await there('export', what)).stdout);
      }
      expect((await here(['verify'])).code).toBe(0);
    },
    SEVERAL_PROCESSES_MS,
  );

  it(
    'read agents from stdin, and report their errors',
    async () => {
      const document = JSON.stringify({ fine: { xp: 1 }, wrong: { xp: -1, level: 0 } });
      const refused = await here(['import', '-'], document);
      expect(refused).toMatchObject({ code: 1, stderr: '' });
      expect(refused.stdout.split('\n')).toEqual([
        'wrong: xp must be a whole number from 0 to 2147483647, but is -1; level must be a whole number from 1 to 2147483647, but is 0',
        'Nothing imported; 1 agent, 1 event valid, 1 invalid',
        '',
      ]);
      const taken = await here(['import', '-', '--skip-invalid', '--json'], document);
      expect(taken.code).toBe(1);
      expect(JSON.parse(taken.stdout)).toMatchObject({ agents: 1, invalid: 1, accepted: true, dryRun: false });
      expect((await here(['export', 'agents', '--agent', 'fine'])).stdout).toContain('"xp":1,');
    },
    SEVERAL_PROCESSES_MS,
  );

  it('leave no file that looks complete if they fail', async () => {
    const file = join(folder, 'nobody.ndjson');
    const { code, stderr } = await there('export', 'events', '--agent', 'nobody', '--output', file);
    expect([code, stderr]).toEqual([1, 'There is no agent "nobody".\n']);
    expect(await readdir(folder)).toEqual(['events.csv']);
  });

  it(
    'refuse truncated files, and escape formulas unless raw is set',
    async () => {
      const file = join(folder, 'cut.ndjson');
      const whole = (await there('export', 'agents', '--agent', 'guardian')).stdout;
      await writeFile(file, whole.split('\n').slice(0, 1).join('') + '\n');
      const refused = await here(['import', file]);
      expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('--allow-partial') });
      const taken = await here(['import', file, '--allow-partial', '--dry-run']);
      expect(taken).toMatchObject({ code: 0, stdout: '1 agent, 1 event would be imported, 0 invalid\n' });
      await rm(file);
      await here(['import', '-', '--raw'], 'agent_type,status\r\nfine,=1\r\n');
      const csv = async (...args: string[]) =>
        (await here(['export', 'agents', '--agent', 'fine', '--format', 'csv', ...args])).stdout;
      expect(await csv()).toContain(",'=1,");
      expect(await csv('--raw')).toContain(',=1,');
    },
    SEVERAL_PROCESSES_MS,
  );

  it(
    'write to special files in place',
    async () => {
      // By links, so that it is them that a wrong rename would replace.
      const [nothing, full] = [join(folder, 'null'), join(folder, 'full')];
      await symlink('/dev/null', nothing);
      await symlink('/dev/full', full);
      expect(await there('export', 'agents', '--output', nothing)).toMatchObject({ code: 0 });
      expect((await lstat(nothing)).isSymbolicLink()).toBe(true);
      expect(await there('export', 'agents', '--output', full)).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^ENOSPC.*\n$/),
      });
      await rm(nothing);
      await rm(full);
    },
    SEVERAL_PROCESSES_MS,
  );

  it.each([
    ['', 'contains no agents and no events'],
    ['5', 'Expected: the output of `export`'],
    ['[1,2]', 'an entry for each agent'],
    ['{"a":{"xp":1},"a":{"xp":2}}', 'has the key "a" twice'],
  ])('exit with 1 on a file that contains %j', async (input, reason) => {
    const { code, stdout, stderr } = await here(['import', '-'], input);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(reason);
  });

  it.each([
    [['export'], 'what'],
    [['export', 'everything'], 'agents, events'],
    [['export', 'agents', '--format', 'xml'], 'ndjson, csv'],
    [['import'], 'file'],
    [['import', '-', '--format', 'xml'], 'ndjson, csv, json'],
  ])('exit with 2 on %j', async (args, reason) => {
    const { code, stderr } = await here(args);
    expect(code).toBe(2);
    expect(stderr).toContain(reason);
  });

  it.each([
    ['/nowhere/at/all', 'ENOENT'],
    ['not utf-8', 'not UTF-8'],
  ])('exit with 1 on a file that cannot be read: %s', async (name, reason) => {
    const file = name.startsWith('/') ? name : join(folder, name);
    if (file !== name) await writeFile(file, Buffer.from([0x7b, 0xff]));
    const { code, stderr } = await here(['import', file]);
    expect(code).toBe(1);
    expect(stderr).toContain(reason);
  });
});
