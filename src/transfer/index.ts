export { readExport } from './export/export-text.js';
export {
  EXPORT_FORMATS,
  EXPORTED,
  type Exported,
  type ExportFormat,
  IMPORT_FORMATS,
  type ImportFormat,
} from './formats.js';
export { decodeFile } from './import/decode-file.js';
export { ImportReport, type Invalid } from './import/import-report.js';
export { importFile } from './import/import-text.js';
export { TransferModule } from './transfer.module.js';
