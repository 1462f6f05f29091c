import type { IncomingMessage } from 'node:http';

/** Facts about a request for its log line: numbers and short words, no secrets and no content of bodies. */
export interface RequestRemarks {
  /** `recorded` or `replayed` for a write; the error code for a problem. */
  result: string;
  [fact: string]: string | number | undefined;
}

/** Property instead of a WeakMap, for speed: see `Exchanges`. */
const REMARKS = Symbol('remarks');
type RemarkedMessage = IncomingMessage & { [REMARKS]?: RequestRemarks };

/** Sets the remarks of a request. Replaces earlier ones. */
export function remark(request: RemarkedMessage, remarks: RequestRemarks): void {
  request[REMARKS] = remarks;
}

/** Remarks of a request; undefined: none. */
export function getRemarks(request: RemarkedMessage): RequestRemarks | undefined {
  return request[REMARKS];
}
