import type { FastifyRequest } from 'fastify';

/** Facts about a request for its log line: numbers and short words, no secrets and no content of bodies. */
export interface RequestRemarks {
  /** `recorded` or `replayed` for a write; the error code for a problem. */
  result: string;
  [fact: string]: string | number | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null: none. */
    remarks: RequestRemarks | null;
  }
}

/** Sets the remarks of a request. Replaces earlier ones. */
export function remark(request: FastifyRequest, remarks: RequestRemarks): void {
  request.remarks = remarks;
}
