import { z } from 'zod';

/** `on` or `off`, in any case. */
export const onOrOff = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['on', 'off']));
