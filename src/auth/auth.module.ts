import { Module } from '@nestjs/common';
import { ApiKeys } from './api-keys.service.js';
import { Callers } from './callers.js';
import { JsonWebTokens } from './json-web-tokens.js';
import { KeyRing } from './key-ring.js';
import { KeyUsage } from './key-usage.js';

/** API keys, tokens and scopes. */
@Module({ providers: [ApiKeys, Callers, JsonWebTokens, KeyRing, KeyUsage], exports: [ApiKeys, Callers] })
export class AuthModule {}
