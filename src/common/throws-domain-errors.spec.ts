import { describe, expect, it } from '@jest/globals';
import { DomainError, validationFailed } from './domain-error.js';
import { ThrowsDomainErrors } from './throws-domain-errors.decorator.js';

const REVOKED = Proxy.revocable({}, {});
REVOKED.revoke();

@ThrowsDomainErrors()
class Sample {
  constructor(private readonly factor: number) {}

  async multiply(value: number): Promise<number> {
    return Promise.resolve(value * this.factor);
  }

  async fail(thrown: unknown): Promise<never> {
    await Promise.resolve();
    throw thrown;
  }

  failAtOnce(thrown: unknown): never {
    throw thrown;
  }
}

const sample = new Sample(3);

describe('ThrowsDomainErrors', () => {
  it('does not change results, names and parameters', async () => {
    expect(await sample.multiply(2)).toBe(6);
    expect([sample.multiply.name, sample.multiply.length]).toEqual(['multiply', 1]);
  });

  it('does not change DomainErrors', async () => {
    const error = validationFailed([]);
    await expect(sample.fail(error)).rejects.toBe(error);
    expect(() => sample.failAtOnce(error)).toThrow(error);
  });

  it.each([new TypeError('x is not a function'), 'text', undefined, null, Object.create(null), REVOKED.proxy])(
    'converts everything else to internal_error',
    async (thrown) => {
      const error: unknown = await sample.fail(thrown).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(DomainError);
      expect((error as DomainError).code).toBe('internal_error');
      expect(Object.is((error as DomainError).options.cause, thrown)).toBe(true);
      expect(() => sample.failAtOnce(thrown)).toThrow(DomainError);
    },
  );

  it('names the cause', async () => {
    await expect(sample.fail(new TypeError('x is not a function'))).rejects.toThrow(
      'Internal error: x is not a function',
    );
  });
});
