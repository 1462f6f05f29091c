import { Module } from '@nestjs/common';
import { ExportController } from './export/export.controller.js';
import { ExportService } from './export/export.service.js';

/** Exports over REST. Imports are for operators only, on the command line. */
@Module({ controllers: [ExportController], providers: [ExportService] })
export class TransferModule {}
