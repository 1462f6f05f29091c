import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { Settings } from './settings.js';

/** Token of the settings: `@Inject(SETTINGS) settings: Settings`. */
export const SETTINGS = Symbol('settings');

/** Gives the settings, which the process read once, to every module. */
@Global()
@Module({})
export class SettingsModule {
  static register(settings: Settings): DynamicModule {
    return {
      module: SettingsModule,
      providers: [{ provide: SETTINGS, useValue: settings }],
      exports: [SETTINGS],
    };
  }
}
