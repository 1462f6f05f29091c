import 'reflect-metadata';
import assert from 'node:assert/strict';
import type { INestApplication } from '@nestjs/common';
import { DomainError } from 'lvlup-agent-metrics';
import type { Place } from './app.module.js';
import { createApplication } from './platform.js';
import { ProposalsService } from './proposals.service.js';

const PLACES: Place[] = [{}, { name: 'agents' }, { schema: 'agent metrics' }, { name: 'agents', schema: 'others' }];

/** Checks the application on a platform, for each place of the tables. */
async function main(platform: string): Promise<void> {
  for (const [index, place] of PLACES.entries()) {
    const recorded: string[] = [];
    const app = await createApplication(platform, place, ({ agent_type, version }) => {
      recorded.push(`${agent_type} ${version}`);
    });
    try {
      await app.listen(0, '127.0.0.1');
      await check(app, await app.getUrl(), `agent-${index}`);
      assert.deepEqual(recorded, [`agent-${index} 2`, `agent-${index} 3`]);
    } finally {
      await app.close();
    }
  }
}

async function check(app: INestApplication, url: string, agentType: string): Promise<void> {
  const proposals = app.get(ProposalsService);
  const before = await proposals.count();

  // The gate of a route, and in process.
  const refused = await fetch(`${url}/agents/${agentType}/proposals`, { method: 'POST' });
  assert.equal(refused.status, 404);
  const review = { agentType, text: 'a proposal', score: 95, reviewId: 'first' };
  await proposals.accept(review);
  assert.equal(await proposals.mayPropose(agentType), true);
  const admitted = await fetch(`${url}/agents/${agentType}/proposals`, { method: 'POST' });
  assert.deepEqual([admitted.status, await admitted.json()], [201, { proposed_by: agentType }]);

  // A refused result is rolled back with the proposal; a repeated one changes the agent once.
  await assert.rejects(proposals.accept({ ...review, score: 101, reviewId: 'second' }), DomainError);
  await proposals.accept(review);
  assert.equal((await proposals.count()) - before, 2);

  // The REST API under the prefix of the host.
  const path = `${url}/internal/agent-metrics/${agentType}`;
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ passed: true, score: 80, duration: 5 });
  const posted = await fetch(`${path}/custody-test`, { method: 'POST', headers, body });
  assert.equal(posted.status, 200);
  const { metrics } = (await (await fetch(path)).json()) as { metrics: Record<string, unknown> };
  assert.deepEqual([metrics['version'], metrics['total_tests_passed'], metrics['custody_xp']], [3, 2, 20]);
  const invalid = await fetch(`${path}/custody-test`, { method: 'POST', headers, body: '{"passed":"yes"}' });
  assert.equal(invalid.status, 400);
  assert.match(await invalid.text(), /"validation_failed"/);
  assert.equal((await fetch(`${url}/internal/custody/agents/${agentType}`)).status, 200);
}

main(process.argv[2] ?? 'express').catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
