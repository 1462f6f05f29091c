import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { parseRequest, type RequestClass } from './request-body.js';

/** Results of the pipe, which may be both a pipe of the application and of a controller. */
const parsed = new WeakSet<object>();

/** Parses bodies and queries whose parameter has a DTO type. */
@Injectable()
export class RequestPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (!metatype || metatype === Object || metatype === String || (type !== 'body' && type !== 'query')) return value;
    if (typeof value === 'object' && value !== null && parsed.has(value)) return value;
    const request = parseRequest(metatype as RequestClass<object>, value, type);
    parsed.add(request);
    return request;
  }
}
