import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ACCESS_POLICY, type AccessPolicy, ALLOWED_ORIGINS } from './access-policy.js';
import { AuthModule } from './auth.module.js';

/** Provides the access policy to all modules. */
@Global()
@Module({})
export class AccessModule {
  /** @param allowedOrigins origins whose pages may write under `open` */
  static register(policy: AccessPolicy, allowedOrigins: readonly string[] = []): DynamicModule {
    const auth = policy === 'keys' ? [AuthModule] : [];
    return {
      module: AccessModule,
      imports: auth,
      providers: [
        { provide: ACCESS_POLICY, useValue: policy },
        { provide: ALLOWED_ORIGINS, useValue: allowedOrigins },
      ],
      exports: [ACCESS_POLICY, ALLOWED_ORIGINS, ...auth],
    };
  }
}
