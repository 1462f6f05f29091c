export { DOCS_PATH, buildOpenApiDocument, serveDocs } from './openapi.js';
