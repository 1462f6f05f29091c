import { expect, it } from '@jest/globals';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import { ROUTE_CONFIG } from './access.decorator.js';

it('sets the metadata that @nestjs/platform-fastify reads', () => {
  expect(ROUTE_CONFIG).toBe(FASTIFY_ROUTE_CONFIG_METADATA);
});
