import { DomainError, internalError } from './domain-error.js';

type Method = (this: unknown, ...values: unknown[]) => unknown;

/** All methods of the class throw DomainErrors only: other errors become `internal_error`, with the error as its cause. */
export function ThrowsDomainErrors(): ClassDecorator {
  return ({ prototype }) => {
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (name === 'constructor' || typeof descriptor.value !== 'function') continue;
      Object.defineProperty(prototype, name, { ...descriptor, value: withDomainErrors(descriptor.value as Method) });
    }
  };
}

function withDomainErrors(method: Method): Method {
  const wrapped: Method = function (...values) {
    try {
      const result = method.apply(this, values);
      return result instanceof Promise ? result.catch(throwDomainError) : result;
    } catch (error) {
      return throwDomainError(error);
    }
  };
  Object.defineProperties(wrapped, { name: { value: method.name }, length: { value: method.length } });
  return wrapped;
}

function throwDomainError(error: unknown): never {
  throw isDomainError(error) ? error : internalError(error);
}

/** Anything can be thrown, including a Proxy that throws. */
function isDomainError(error: unknown): boolean {
  try {
    return error instanceof DomainError;
  } catch {
    return false;
  }
}
