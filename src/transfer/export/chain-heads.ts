import { parseJson } from '../../common/index.js';
import { createHash } from 'node:crypto';

/** The fields of an event's line that stand first and last, as `EVENT_COLUMNS` has them. */
const FIRST = /^\{"agent_type":("(?:[^"\\]|\\.)*"),"version":(\d+),/;
const LAST = /"hash":"([0-9a-f]*)"\}$/;
const LAST_LENGTH = 80;

/** The newest hash of each agent, of lines that come in the order of agents and versions. */
export class ChainHeads {
  private readonly hash = createHash('sha256');
  private head: { agentType: string; line: string } | null = null;

  add(event: string): void {
    const [, agentType = '""', version = ''] = FIRST.exec(event) ?? [];
    const [, hash = ''] = LAST.exec(event.slice(-LAST_LENGTH)) ?? [];
    if (this.head !== null && this.head.agentType !== agentType) this.hash.update(this.head.line, 'utf8');
    this.head = { agentType, line: `${parseJson(agentType) as string} ${version} ${hash}\n` };
  }

  /** SHA-256 of all of them, in hexadecimal. To be asked once, at the end. */
  digest(): string {
    return this.hash.update(this.head?.line ?? '', 'utf8').digest('hex');
  }
}
