import { Module } from '@nestjs/common';
import { IngestController } from './ingest.controller.js';
import { IngestService } from './ingest.service.js';

/** `POST /api/ingest` of the service. Hosts that mount the controllers of AgentMetricsModule do not have it. */
@Module({ controllers: [IngestController], providers: [IngestService] })
export class IngestModule {}
