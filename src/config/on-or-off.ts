import { z } from 'zod';

/** `on` or `off`, case-insensitive. */
export const onOrOff = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['on', 'off']));
