import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../../src/common/domain-error.js';
import { startEvaluator, type TestEvaluator } from './evaluator.js';
import { startTestService, type TestService } from './test-service.js';

/** A method with arguments of any type, as from JavaScript. */
export type Call = (...values: unknown[]) => unknown;

type Part = 'service' | 'analytics' | 'custody' | 'administration' | 'queries' | 'leaderboard' | 'events';

export const CUSTODY_TEST = { passed: true, score: 80, duration: 1.5 };

/** The in-process API of the service that a test file uses, with an evaluator. */
export class InProcessApi {
  test!: TestService;
  evaluator!: TestEvaluator;
  /** A manager whose transaction has ended. */
  ended!: EntityManager;

  async start(): Promise<void> {
    this.evaluator = await startEvaluator();
    this.test = await startTestService({ CUSTODY_EVALUATOR_URL: this.evaluator.url });
    await this.test.dataSource.transaction((manager) => {
      this.ended = manager;
      return Promise.resolve();
    });
  }

  async close(): Promise<void> {
    await this.test.close();
    await this.evaluator.close();
  }

  /** Returns a method. The service need not have started yet. */
  method<Name extends Part>(part: Name, method: keyof TestService[Name] & string): Call {
    return (...values) => (this.test[part][method] as Call).call(this.test[part], ...values);
  }

  async countEvents(): Promise<unknown> {
    return (await this.test.database.query('SELECT count(*)::integer AS events FROM agent_events'))[0];
  }
}

/** Starts the service before the tests of a file, and closes it after them. */
export function useInProcessApi(): InProcessApi {
  const api = new InProcessApi();
  beforeAll(() => api.start());
  afterAll(() => api.close());
  return api;
}

/** Checks after each test that nothing was recorded and no evaluator was asked. */
export function expectNoEffects(api: InProcessApi): void {
  let events: unknown;
  beforeEach(async () => {
    events = await api.countEvents();
  });
  afterEach(async () => {
    expect([await api.countEvents(), api.evaluator.requests]).toEqual([events, []]);
  });
}

/** Waits for the error of a call, which must be a rejected promise. */
export async function errorOf(made: unknown): Promise<DomainError> {
  expect(made).toBeInstanceOf(Promise);
  const error: unknown = await (made as Promise<unknown>).then(
    () => 'no error',
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DomainError);
  return error as DomainError;
}

export async function expectInvalid(made: unknown, field: string): Promise<void> {
  const { code, options } = await errorOf(made);
  expect([code, ...(options.errors ?? []).map((error) => error.field)]).toEqual(['validation_failed', field]);
}
