import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The file in which the scenarios, each in a process of its own, leave their numbers. */
export default async function setup() {
  const folder = await mkdtemp(join(tmpdir(), 'lvlup-crash-'));
  process.env.CRASH_SUMMARY = join(folder, 'summary.jsonl');
  await writeFile(process.env.CRASH_SUMMARY, '');
}
