export { DOCS_PATH, openApiDocument, serveDocs } from './openapi.js';
