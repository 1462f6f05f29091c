import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { HttpStatus } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { DOCS_PATH } from '../openapi/index.js';
import { ASSETS_PREFIX, DASHBOARD_HEADERS } from './security-headers.js';

/** `dist/dashboard`, seen from the build and from the sources. */
const FOLDERS = ['../../../dashboard', '../../../dist/dashboard'].map((path) => join(import.meta.dirname, path));
/** Paths of the dashboard's pages. An agent type is one segment, in which a slash is `%2F`. */
const PAGE = /^\/(?:(?:leaderboard|ingest|webhooks|keys|agents\/[^/]+)\/?)?$/;
/** Paths whose responses are documents for programs, also to browsers. */
const API = /^\/api(?:\/|$)/;
const YEAR_MS = 365 * 24 * 60 * 60 * 1_000;

/**
 * Sends the dashboard to browsers (`Accept` contains text/html), without a key: for its pages, and with status 404 for other paths
 * without a route. A hook instead of routes, so that requests of other clients for these paths are handled as requests for any
 * unknown path. Register it before the access control. Without a build of the dashboard, `/` is redirected to Swagger UI.
 */
export async function serveDashboard(fastify: FastifyInstance): Promise<void> {
  const folder = FOLDERS.find((path) => existsSync(join(path, 'index.html')));
  const html = folder === undefined ? null : readFileSync(join(folder, 'index.html'), 'utf8');
  fastify.addHook('onRequest', ({ method, originalUrl, headers, is404 }, reply, done) => {
    const isRead = method === 'GET' || method === 'HEAD';
    const path = isRead && headers.accept?.includes('text/html') ? (originalUrl.split('?', 1)[0] ?? '') : null;
    if (path === null || !is404 || API.test(path)) {
      done();
    } else if (html !== null) {
      if (!PAGE.test(path)) void reply.status(HttpStatus.NOT_FOUND);
      void reply.headers(DASHBOARD_HEADERS).type('text/html; charset=utf-8').header('vary', 'Accept');
      void reply.send(html.replace('<head>', `<head><base href="${getRelativeRoot(path)}" />`));
    } else if (path === '/') {
      void reply.header('vary', 'Accept').redirect(`/${DOCS_PATH}`, 302);
    } else {
      done();
    }
  });
  if (folder !== undefined) await serveAssets(fastify, join(folder, 'assets'));
}

/** The names of assets contain a hash of their content, so that browsers keep them. */
async function serveAssets(fastify: FastifyInstance, root: string): Promise<void> {
  fastify.addHook('onRoute', (route) => {
    if (route.url.startsWith(ASSETS_PREFIX)) route.config = { ...route.config, access: 'public' };
  });
  await fastify.register(fastifyStatic, {
    root,
    prefix: ASSETS_PREFIX,
    decorateReply: false,
    preCompressed: true,
    immutable: true,
    maxAge: YEAR_MS,
    index: false,
  });
}

/** The service's root, relative to a page: a proxy may add a path prefix that the service does not know. */
function getRelativeRoot(path: string): string {
  return '../'.repeat(path.split('/').length - 2) || './';
}
