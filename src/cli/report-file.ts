import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes the report of a move to a file of its own, and returns the file's path. */
export async function writeReport(folder: string, report: { started_at: string }): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `migration-report-${report.started_at.replaceAll(':', '')}.json`);
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  return file;
}
