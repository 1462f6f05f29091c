/** What an error says. Node's errors of several failed addresses say nothing but a code. */
export function getErrorMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' ? ((error as NodeJS.ErrnoException).code ?? error.name) : error.message;
}
