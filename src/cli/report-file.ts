import { access, constants, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFolder } from './create-folder.js';

/**
 * Makes the folder that reports go to. To be asked before there is anything to report.
 *
 * @throws Error when nothing can be written there
 */
export async function prepareReportFolder(folder: string): Promise<void> {
  await createFolder(folder);
  await access(folder, constants.W_OK);
}

/** Writes the report of a move to a file of its own, and returns the file's path. */
export async function writeReport(folder: string, report: { started_at: string }): Promise<string> {
  const file = join(folder, `migration-report-${report.started_at.replaceAll(':', '')}.json`);
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  return file;
}
