import type { TestApp } from '../../support/test-app.js';

const BATCH = 1_000;
const DIFFICULTIES = ['basic', 'advanced'];

/** Records results of an agent with evidence, one a minute until now. */
export async function recordResults(app: TestApp, agentType: string, count: number): Promise<void> {
  const now = Date.now();
  for (let from = 0; from < count; from += BATCH) {
    const results = Array.from({ length: Math.min(BATCH, count - from) }, (_, offset) => {
      const index = from + offset;
      const passed = index % 4 !== 0;
      return {
        id: `result-${index}`,
        agent_type: agentType,
        passed,
        score: passed ? 90 : 40,
        duration: 3,
        category: index % 2 === 0 ? 'code_quality' : 'reasoning',
        difficulty: DIFFICULTIES[index % 3 === 0 ? 0 : 1],
        timestamp: new Date(now - (count - index) * 60_000).toISOString(),
        evidence: { agent_version: index % 2 === 0 ? '1.0' : '2.0', run_id: `run-${index % 5}`, model: 'small' },
      };
    });
    const { status, body } = await app.send('POST', '/api/agent-metrics/results', results);
    if (status !== 200 || (body as { refused: number }).refused > 0)
      throw new Error(JSON.stringify(body).slice(0, 500));
  }
}
