import { type DynamicModule, Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';
import { OUTAGE, type Outage } from './outage.js';

@Module({})
export class HealthModule {
  static register(outage: Outage): DynamicModule {
    return {
      module: HealthModule,
      controllers: [HealthController],
      providers: [HealthService, { provide: OUTAGE, useValue: outage }],
    };
  }
}
