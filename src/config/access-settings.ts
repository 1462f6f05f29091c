import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { onOrOff } from './on-or-off.js';

/** At least as long as `openssl rand -hex 24`, and valid in a header. */
const adminKey = z
  .string()
  .regex(/^[\x21-\x7e]{32,512}$/, 'must be 32 to 512 printable ASCII characters without spaces');

const adminKeyFile = z
  .string()
  .transform((path, context): string => {
    try {
      return readFileSync(path, 'utf8').trim();
    } catch (error) {
      const message = `names a file that cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
  })
  .pipe(adminKey);

/** https, or http on this machine. */
const issuerUrl = z
  .string()
  .refine(
    (text) => /^https:\/\/|^http:\/\/(localhost|127\.0\.0\.1)([:/]|$)/.test(text) && URL.canParse(text),
    'must be an https:// URL',
  );

/** Settings of access control. */
export const ACCESS_VARIABLES = {
  AUTH: onOrOff.default('on'),
  ADMIN_KEY: adminKey.optional(),
  ADMIN_KEY_FILE: adminKeyFile.optional(),
  JWT_ISSUER: issuerUrl.optional(),
  JWT_AUDIENCE: z.string().optional(),
  JWT_JWKS_URL: issuerUrl.optional(),
  JWT_SCOPE_PREFIX: z.string().default('agent-metrics:'),
};

export function toAccessSettings(env: z.output<z.ZodObject<typeof ACCESS_VARIABLES>>) {
  return {
    /** Whether requests require a key as soon as one exists. */
    required: env.AUTH === 'on',
    /** Additional key with the scope admin. */
    adminKey: env.ADMIN_KEY ?? env.ADMIN_KEY_FILE,
    /** Issuer whose tokens are accepted; null: none. */
    jwt:
      env.JWT_ISSUER === undefined || env.JWT_AUDIENCE === undefined
        ? null
        : {
            issuer: env.JWT_ISSUER,
            audience: env.JWT_AUDIENCE,
            /** URL of its public keys; undefined: from its metadata. */
            jwksUrl: env.JWT_JWKS_URL,
            /** Prefix of scope names in tokens. */
            scopePrefix: env.JWT_SCOPE_PREFIX,
          },
  };
}
