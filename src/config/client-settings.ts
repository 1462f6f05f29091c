import { z } from 'zod';

/** Settings of CLI commands that call a remote service. */
export const CLIENT_VARIABLES = {
  LVLUP_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{1,8192}$/, 'must be 1 to 8,192 printable ASCII characters without spaces')
    .optional(),
};
