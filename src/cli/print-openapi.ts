import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { type DatabaseConnection, loadSettings } from '../config/index.js';
import { createHttpAdapter } from '../http/server/index.js';
import { buildOpenApiDocument } from '../http/openapi/index.js';

/** Placeholder: preview mode creates no providers, so that it is never used. */
const NO_DATABASE: DatabaseConnection = {
  host: 'localhost',
  port: 5432,
  user: 'nobody',
  database: 'none',
  ssl: false,
  channelBinding: 'disable',
};

// Prints the OpenAPI document, which is committed as `openapi.json`.
const settings = loadSettings({});
const app = await NestFactory.create(AppModule.register(settings, NO_DATABASE), createHttpAdapter(settings.http), {
  preview: true,
  logger: false,
});
process.stdout.write(`${JSON.stringify(buildOpenApiDocument(app), null, 2)}\n`);
