import { Readable } from 'node:stream';
import type { Settings } from '../../src/config/settings.js';
import { loadSettings } from '../../src/config/settings.js';
import { exportText } from '../../src/transfer/export/export-text.js';
import type { ExportRequest } from '../../src/transfer/export/export-query.js';
import type { ImportReport } from '../../src/transfer/import/import-report.js';
import { importText, type ImportRequest } from '../../src/transfer/import/import-text.js';
import { fileText } from '../../src/transfer/import/file-text.js';
import type { TestService } from './test-service.js';

const SETTINGS: Settings = loadSettings({});

/** All that an export writes. */
export async function exported({ dataSource }: TestService, request: ExportRequest): Promise<string> {
  let text = '';
  for await (const chunk of exportText(dataSource, request)) text += chunk;
  return text;
}

/** Imports this text as a file's. */
export async function imported(
  { dataSource }: TestService,
  text: string,
  request: Partial<ImportRequest> = {},
): Promise<ImportReport> {
  const bytes = Readable.from([Buffer.from(text, 'utf8')]);
  return importText(dataSource, SETTINGS, fileText(bytes), { skipInvalid: false, dryRun: false, ...request });
}
