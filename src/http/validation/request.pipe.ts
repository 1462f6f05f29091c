import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { JSON_BODY } from './json-body.decorator.js';
import { parseRequest, type RequestClass } from './request-body.js';

/** Results of the pipe, which may be both a pipe of the application and of a controller. */
const parsed = new WeakSet<object>();

/** Parses bodies and queries whose parameter has a DTO type. */
@Injectable()
export class RequestPipe implements PipeTransform {
  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    const { metatype } = metadata;
    const part = getPart(metadata);
    if (!metatype || metatype === Object || metatype === String || part === null) return value;
    if (typeof value === 'object' && value !== null && parsed.has(value)) return value;
    const request = parseRequest(metatype as RequestClass<object>, value, part);
    parsed.add(request);
    return request;
  }
}

function getPart({ type, data }: { type: string; data?: unknown }): 'body' | 'query' | null {
  if (type === 'custom') return data === JSON_BODY ? 'body' : null;
  return type === 'body' || type === 'query' ? type : null;
}
