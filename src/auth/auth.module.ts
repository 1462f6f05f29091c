import { Module } from '@nestjs/common';
import { ApiKeys } from './api-keys.service.js';
import { Callers } from './callers.js';
import { JsonWebTokens } from './json-web-tokens.js';
import { KeyRing } from './key-ring.js';
import { KeyUsage } from './key-usage.js';

/** API keys and tokens: who sends a request, and what they may do. */
@Module({ providers: [ApiKeys, Callers, JsonWebTokens, KeyRing, KeyUsage], exports: [ApiKeys, Callers] })
export class AuthModule {}
