import { describe, expect, it } from '@jest/globals';
import { allocateResponse } from './allocate-response.js';
import { agentMetrics } from './responses.js';

describe('allocateResponse', () => {
  it('returns buffers of the size that do not overlap', () => {
    const sizes = [0, 1, 8192, 16 * 1024, 16 * 1024 + 1, 100_000];
    const buffers = Array.from({ length: 120 }, (_, index) =>
      allocateResponse(sizes[index % sizes.length] ?? 0).fill(index),
    );
    for (const [index, buffer] of buffers.entries()) {
      expect(buffer).toHaveLength(sizes[index % sizes.length] ?? 0);
      expect(buffer.every((byte) => byte === index)).toBe(true);
    }
  });

  it('holds documents with characters of several bytes', () => {
    const metrics = { status: 'ärgerlich 🤖' };
    const documents = Array.from({ length: 20 }, (_, index) =>
      agentMetrics(`Prüfer 🤖 ${index}`, Buffer.from(JSON.stringify(metrics))),
    );
    for (const [index, document] of documents.entries())
      expect(JSON.parse(document.toString())).toEqual({
        status: 'success',
        agent_type: `Prüfer 🤖 ${index}`,
        metrics,
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/),
      });
  });
});
