import { createHash } from 'node:crypto';
import type { Exported } from './formats.js';

/** The last line of an NDJSON export, which says what stands above it. Without it, a file that was cut looks complete. */
export interface ExportTrailer {
  of: Exported;
  /** Lines above it. */
  lines: number;
  /** SHA-256, in hexadecimal, of these lines, each with its line feed. */
  sha256: string;
  /** Of events: SHA-256 of the newest hash of each agent, as lines of agent type, version and hash with a space between. */
  heads_sha256?: string;
}

const BEGINNING = '{"export":{"of":"';

/** The trailer as a line of the file. */
export function trailerLine(trailer: ExportTrailer): string {
  return `${JSON.stringify({ export: trailer })}\n`;
}

/** Whether a file, or a line of it, begins as a trailer does. No agent and no event does: none has a field of this name. */
export function isTrailer(text: string): boolean {
  return text.startsWith(BEGINNING);
}

/** Counts and hashes lines as they are written, or read. */
export class LineSum {
  private lines = 0;
  private readonly hash = createHash('sha256');

  /** @param text whole lines, each with its line feed */
  add(text: string, lines: number): void {
    this.lines += lines;
    this.hash.update(text, 'utf8');
  }

  /** To be asked once, at the end. */
  total(): Pick<ExportTrailer, 'lines' | 'sha256'> {
    return { lines: this.lines, sha256: this.hash.digest('hex') };
  }
}
