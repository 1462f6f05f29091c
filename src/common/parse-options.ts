import type { z } from 'zod';

/**
 * Checks the options of a module.
 *
 * @throws Error with each unknown or invalid option
 */
export function parseOptions<Schema extends z.ZodType>(
  module: string,
  schema: Schema,
  options: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '));
  throw new Error(`Invalid options of ${module}: ${problems.join('; ')}`);
}

/** Replaces options that are omitted or undefined by their defaults. */
export function withDefaults<T extends object>(
  defaults: T,
  options: { [Key in keyof T]?: T[Key] | undefined } | undefined,
): T {
  const given = Object.entries(options ?? {}).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(given) };
}
