export { exportText } from './export/export-text.js';
export {
  EXPORT_FORMATS,
  EXPORTED,
  type Exported,
  type ExportFormat,
  IMPORT_FORMATS,
  type ImportFormat,
} from './formats.js';
export { fileText } from './import/file-text.js';
export { ImportReport, type Invalid } from './import/import-report.js';
export { importText } from './import/import-text.js';
export { TransferModule } from './transfer.module.js';
