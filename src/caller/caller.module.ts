import { Module } from '@nestjs/common';
import { CallerController } from './caller.controller.js';

/** `GET /api/caller` of the service. */
@Module({ controllers: [CallerController] })
export class CallerModule {}
