import { z } from 'zod';

/** Numbers of seconds, separated by commas. */
export const delays = z.string().transform((text, context): number[] => {
  const seconds = text.split(',').map((delay) => (delay.trim() === '' ? NaN : Number(delay)));
  if (seconds.length <= 50 && seconds.every((delay) => delay >= 0.001 && delay <= 604_800)) return seconds;
  context.addIssue({ code: 'custom', message: 'must be 1 to 50 numbers from 0.001 to 604800, separated by commas' });
  return z.NEVER;
});
