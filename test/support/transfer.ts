import { Readable } from 'node:stream';
import type { Settings } from '../../src/config/settings.js';
import { loadSettings } from '../../src/config/settings.js';
import { readExport } from '../../src/transfer/export/export-text.js';
import type { ExportRequest } from '../../src/transfer/export/export-query.js';
import type { ImportReport } from '../../src/transfer/import/import-report.js';
import { importFile, type ImportRequest } from '../../src/transfer/import/import-text.js';
import { decodeFile } from '../../src/transfer/import/decode-file.js';
import type { TestService } from './test-service.js';

const SETTINGS: Settings = loadSettings({});

/** All that an export writes. */
export async function exported({ dataSource }: TestService, request: ExportRequest): Promise<string> {
  let text = '';
  for await (const chunk of readExport(dataSource, request)) text += chunk;
  return text;
}

/** Imports this text as a file's. */
export async function imported(
  { dataSource }: TestService,
  text: string,
  request: Partial<ImportRequest> = {},
): Promise<ImportReport> {
  const bytes = Readable.from([Buffer.from(text, 'utf8')]);
  return importFile(dataSource, SETTINGS, decodeFile(bytes), { skipInvalid: false, dryRun: false, ...request });
}
