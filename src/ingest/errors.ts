/** Position in a text file, from 1. */
export interface FilePosition {
  line: number;
  column: number;
}

/** The file is refused whole: nothing of it is recorded. */
export class EvaluationFileError extends Error {
  override readonly name = 'EvaluationFileError';
  readonly line: number | null;
  readonly column: number | null;

  /**
   * @param file name of the file
   * @param problem a sentence without the name of the file
   */
  constructor(
    readonly file: string,
    readonly problem: string,
    position: FilePosition | null = null,
    options: { cause?: unknown } = {},
  ) {
    const place = position === null ? '' : `:${position.line}:${position.column}`;
    super(`${file}${place}: ${problem}`, options);
    this.line = position?.line ?? null;
    this.column = position?.column ?? null;
  }
}

/** A fault of the content. Readers convert it to an EvaluationFileError with the name of the file. */
export class ContentError extends Error {
  override readonly name = 'ContentError';

  constructor(
    message: string,
    readonly position: FilePosition | null = null,
    options: { cause?: unknown } = {},
  ) {
    super(message, options);
  }
}

/** Adds the name of the file to an error of its content or of reading it. Other errors are returned as they are. */
export function inFile(file: string, error: unknown): unknown {
  if (error instanceof ContentError)
    return new EvaluationFileError(file, error.message, error.position, { cause: error });
  const { syscall, code } = error as NodeJS.ErrnoException;
  if (syscall !== 'open' && syscall !== 'read') return error;
  return new EvaluationFileError(file, `cannot be read: ${code ?? syscall}`, null, { cause: error });
}
