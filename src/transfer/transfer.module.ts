import { Module } from '@nestjs/common';
import { ExportController } from './export/export.controller.js';
import { ExportService } from './export/export.service.js';

/** Exports via HTTP. Imports are available only as a CLI command. */
@Module({ controllers: [ExportController], providers: [ExportService] })
export class TransferModule {}
