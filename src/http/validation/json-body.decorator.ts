import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import { parseRequest, type RequestClass } from './request-body.js';

const Body = createParamDecorator((type: RequestClass<object>, context: ExecutionContext): object =>
  parseRequest(type, context.switchToHttp().getRequest<{ body: unknown }>().body, 'body'),
);

/**
 * Handler parameter: the body, parsed as the class of the parameter. Unlike `@Body()`, it is no body for the
 * ValidationPipe of a host, which could remove unknown fields or convert values before they are refused.
 */
export function JsonBody(): ParameterDecorator {
  return (target, method, index) => {
    const descriptor = method === undefined ? undefined : Object.getOwnPropertyDescriptor(target, method);
    if (method === undefined || !descriptor) throw new Error('@JsonBody() is for parameters of methods');
    const type = (Reflect.getMetadata('design:paramtypes', target, method) as RequestClass<object>[])[index];
    if (!type) throw new Error('@JsonBody() is for parameters whose type is a class');
    Body(type)(target, method, index);
    ApiBody({ type })(target, method, descriptor);
  };
}
