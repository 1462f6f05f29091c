import { copyJson } from '../../common/index.js';
import { getKnownFields, parseRequest, type RequestClass } from './request-body.js';

/** Constructor that returns the object that it is given. The fields of a subclass are added to that object. */
const Given = function (object: object) {
  return object;
} as unknown as new (object: object) => object;

/**
 * A private field of a result. Unlike an entry of a WeakSet, it costs the garbage collector no time; unlike a property, neither
 * a copy nor a Proxy has it.
 */
class ParsedMark extends Given {
  readonly #isParsed = true;

  static isOn(object: object): boolean {
    return #isParsed in object;
  }
}

/** Marks the result of a conversion from a DTO. A service that gets it as an argument does not validate it again. */
export function markParsed<T extends object>(result: T): T {
  if (!ParsedMark.isOn(result)) new ParsedMark(result);
  return result;
}

/** How an argument is parsed. */
export interface ArgumentParser<T extends object, Result> {
  /** The class of the request with the same fields, or a subclass. */
  Dto: RequestClass<T>;
  /** Name of the argument in the error, if it is not an object. */
  name: string;
  /** Creates the object that corresponds to the request, if the argument is one of its fields. */
  wrap?: (argument: unknown) => object;
  /** Converts the DTO. Its result should be marked with markParsed. */
  convert: (dto: T) => Result;
  /** Converts fields whose type differs from that in the request. */
  adapt?: (copy: unknown) => unknown;
  /** Class whose fields are also read if they are inherited, in instances of classes. Default: Dto. */
  Fields?: RequestClass<object>;
}

/**
 * Parses an argument of an in-process call by the rules of the HTTP request. The argument is read once and copied; only the
 * copy is checked and used. A marked argument is the result of such a conversion and is returned as is.
 *
 * @throws DomainError `validation_failed` with every invalid field; `payload_too_large`
 */
export function parseArgument<T extends object, Result>(
  argument: unknown,
  { Dto, name, wrap, convert, adapt = (copy) => copy, Fields = Dto }: ArgumentParser<T, Result>,
): Result {
  if (typeof argument === 'object' && argument !== null && ParsedMark.isOn(argument)) return argument as Result;
  const copy = copyJson(wrap ? wrap(argument) : argument, {
    maxSize: Dto.argumentMaxSize,
    inherited: getKnownFields(Fields),
  });
  return convert(parseRequest(Dto, adapt(copy), name));
}
