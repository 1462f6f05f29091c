import { access, constants, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFolder } from './create-folder.js';

/**
 * Creates the folder for reports. Call it before the work that is reported.
 *
 * @throws Error if the folder is not writable
 */
export async function prepareReportFolder(folder: string): Promise<void> {
  await createFolder(folder);
  await access(folder, constants.W_OK);
}

/** Writes the report of a legacy migration to a new file and returns its path. */
export async function writeReport(folder: string, report: { started_at: string }): Promise<string> {
  const file = join(folder, `migration-report-${report.started_at.replaceAll(':', '')}.json`);
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  return file;
}
