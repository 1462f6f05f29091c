import type { IncomingMessage } from 'node:http';

/** Facts about a request for its log line: numbers and short words, no secrets and no content of bodies. */
export interface RequestRemarks {
  /** `recorded` or `replayed` for a write; the error code for a problem. */
  result: string;
  [fact: string]: string | number | undefined;
}

const remarksByRequest = new WeakMap<IncomingMessage, RequestRemarks>();

/** Sets the remarks of a request. Replaces earlier ones. */
export function remark(request: IncomingMessage, remarks: RequestRemarks): void {
  remarksByRequest.set(request, remarks);
}

/** Remarks of a request; undefined: none. */
export function getRemarks(request: IncomingMessage): RequestRemarks | undefined {
  return remarksByRequest.get(request);
}
