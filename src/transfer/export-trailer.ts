import { createHash } from 'node:crypto';
import type { Exported } from './formats.js';

/** Last line of an NDJSON export, by which a truncated file is detected. */
export interface ExportTrailer {
  of: Exported;
  /** Number of lines before it. */
  lines: number;
  /** SHA-256 of these lines with their line feeds, in hexadecimal. */
  sha256: string;
  /** Events only: SHA-256 of the heads, one line `<agent type> <version> <hash>` per agent. */
  heads_sha256?: string;
}

const BEGINNING = '{"export":{"of":"';

/** Formats the trailer as a line. */
export function formatTrailer(trailer: ExportTrailer): string {
  return `${JSON.stringify({ export: trailer })}\n`;
}

/** Whether a text starts with a trailer. Agents and events have no field of this name. */
export function isTrailer(text: string): boolean {
  return text.startsWith(BEGINNING);
}

/** Counts and hashes lines. */
export class LineSum {
  private lines = 0;
  private readonly hash = createHash('sha256');

  /** @param text whole lines, each with its line feed */
  add(text: string, lines: number): void {
    this.lines += lines;
    this.hash.update(text, 'utf8');
  }

  /** Can be called once. */
  total(): Pick<ExportTrailer, 'lines' | 'sha256'> {
    return { lines: this.lines, sha256: this.hash.digest('hex') };
  }
}
