import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

/** Request of Express 5 or Fastify 5: the members that both have. */
export interface HttpRequest {
  readonly method: string;
  /** URL as sent, without the changes of a router. */
  readonly originalUrl: string;
  readonly headers: IncomingHttpHeaders;
  readonly params: unknown;
  readonly query: unknown;
  readonly body?: unknown;
  readonly protocol: string;
  readonly host: string;
}

/** Response of Express 5 or Fastify 5: the members that both have. */
export interface HttpResponse {
  header(name: string, value: string | number): unknown;
  status(code: number): unknown;
  send(body: unknown): unknown;
}

/** Path of the request, without the query. */
export function getPath({ originalUrl }: Pick<HttpRequest, 'originalUrl'>): string {
  const end = originalUrl.indexOf('?');
  return end === -1 ? originalUrl : originalUrl.slice(0, end);
}

/** Path of the matched route, with its parameters. */
export function getRoutePath(request: HttpRequest): string | undefined {
  const { routeOptions, route } = request as { routeOptions?: { url?: string }; route?: { path?: string } };
  return routeOptions?.url ?? route?.path;
}

/** Request of Node.js: a member of Fastify's request, and the request itself on Express. */
export function getRawRequest(request: HttpRequest): IncomingMessage {
  return (request as { raw?: IncomingMessage }).raw ?? (request as unknown as IncomingMessage);
}

/** Response of Node.js, like `getRawRequest`. Its `req` is the request of Node.js. */
export function getRawResponse(response: HttpResponse): ServerResponse {
  return (response as { raw?: ServerResponse }).raw ?? (response as unknown as ServerResponse);
}

/** Whether the platform is Express. */
export function isExpress(message: HttpRequest | HttpResponse): boolean {
  return (message as { raw?: unknown }).raw === undefined;
}
