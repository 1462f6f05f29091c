import { parseJson } from '../../common/index.js';
import { createHash } from 'node:crypto';

/** The first and last fields of an event's line, in the order of `EVENT_COLUMNS`. */
const FIRST = /^\{"agent_type":("(?:[^"\\]|\\.)*"),"version":(\d+),/;
const LAST = /"hash":"([0-9a-f]*)"\}$/;
const LAST_LENGTH = 80;

/** Hashes the heads of all chains. Lines must be ordered by agent type and version. */
export class ChainHeads {
  private readonly hash = createHash('sha256');
  private head: { agentType: string; line: string } | null = null;

  add(event: string): void {
    const [, agentType = '""', version = ''] = FIRST.exec(event) ?? [];
    const [, hash = ''] = LAST.exec(event.slice(-LAST_LENGTH)) ?? [];
    if (this.head !== null && this.head.agentType !== agentType) this.hash.update(this.head.line, 'utf8');
    this.head = { agentType, line: `${parseJson(agentType) as string} ${version} ${hash}\n` };
  }

  /** SHA-256 of all heads, in hexadecimal. Can be called once. */
  digest(): string {
    return this.hash.update(this.head?.line ?? '', 'utf8').digest('hex');
  }
}
