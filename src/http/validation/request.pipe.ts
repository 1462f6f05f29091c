import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { parseRequest, type RequestClass } from './request-body.js';

/** Pipe of a query parameter: parses the query as the class of the parameter. Not a pipe of controllers, which run for every parameter. */
@Injectable()
export class RequestPipe implements PipeTransform {
  transform(value: unknown, { metatype }: ArgumentMetadata): unknown {
    return metatype ? parseRequest(metatype as RequestClass<object>, value, 'query') : value;
  }
}
