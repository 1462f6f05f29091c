import { DomainError, validationFailed } from '../../common/index.js';

/** Adds a prefix to the field names of a `validation_failed`, unless they have it. */
export function withPath<T>(path: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (path === '' || !(error instanceof DomainError) || error.code !== 'validation_failed') throw error;
    const errors = error.options.errors ?? [];
    throw validationFailed(
      errors.map(({ field, detail }) => ({ field: field.startsWith(path) ? field : path + field, detail })),
      error,
    );
  }
}
