import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { onOrOff } from './on-or-off.js';

/** As random as `openssl rand -hex 24` makes it, and nothing that a header couldn't carry. */
const adminKey = z
  .string()
  .regex(/^[\x21-\x7e]{32,512}$/, 'must be 32 to 512 printable ASCII characters without spaces');

const adminKeyFile = z
  .string()
  .transform((path, context): string => {
    try {
      return readFileSync(path, 'utf8').trim();
    } catch (error) {
      const message = `names a file that can't be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
  })
  .pipe(adminKey);

/** Tokens, and the keys that verify them, travel encrypted; an issuer on this machine may do without. */
const issuerUrl = z
  .string()
  .refine(
    (text) => /^https:\/\/|^http:\/\/(localhost|127\.0\.0\.1)([:/]|$)/.test(text) && URL.canParse(text),
    'must be an https:// URL',
  );

/** The environment variables that say who may use the service. */
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
    /** Whether callers need a key, as soon as there is one. */
    required: env.AUTH === 'on',
    /** A key with the scope admin, beside those in the database. */
    adminKey: env.ADMIN_KEY ?? env.ADMIN_KEY_FILE,
    /** The issuer whose tokens are taken beside keys; null: none. */
    jwt:
      env.JWT_ISSUER === undefined || env.JWT_AUDIENCE === undefined
        ? null
        : {
            issuer: env.JWT_ISSUER,
            audience: env.JWT_AUDIENCE,
            /** Where its keys are; undefined: where its configuration says. */
            jwksUrl: env.JWT_JWKS_URL,
            /** What stands before a scope's name in a token. */
            scopePrefix: env.JWT_SCOPE_PREFIX,
          },
  };
}
