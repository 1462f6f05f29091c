import type { FastifyRequest } from 'fastify';

/** What became of a request, for its line in the log. Numbers and short words: no secrets, nothing of bodies. */
export interface RequestRemarks {
  /** Of a write: `recorded` or `replayed`; of what was refused: the code of the problem. */
  result: string;
  [fact: string]: string | number | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null: nobody has remarked on it. */
    remarks: RequestRemarks | null;
  }
}

/** Leaves a remark; the last one counts. */
export function remark(request: FastifyRequest, remarks: RequestRemarks): void {
  request.remarks = remarks;
}
