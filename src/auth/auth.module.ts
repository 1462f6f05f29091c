import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { ApiKeys } from './api-keys.service.js';
import { AUTH_SETTINGS, type AuthSettings } from './auth-settings.js';
import { Callers } from './callers.js';
import { JsonWebTokens } from './json-web-tokens.js';
import { KeyRing } from './key-ring.js';
import { KeyUsage } from './key-usage.js';

/** API keys and tokens. Requires TransactionRunner and Clock. */
export const AUTH_PROVIDERS = [ApiKeys, Callers, JsonWebTokens, KeyRing, KeyUsage];

/** API keys and tokens of the service. */
@Module({})
export class AuthModule {
  /** @param imports modules that export TransactionRunner and Clock */
  static register(settings: AuthSettings, imports: NonNullable<ModuleMetadata['imports']>): DynamicModule {
    return {
      module: AuthModule,
      imports,
      providers: [...AUTH_PROVIDERS, { provide: AUTH_SETTINGS, useValue: settings }],
      exports: [ApiKeys, Callers],
    };
  }
}
