import { Module } from '@nestjs/common';
import { KeysController } from './keys.controller.js';

/** `/api/keys` of the service. */
@Module({ controllers: [KeysController] })
export class KeysApiModule {}
