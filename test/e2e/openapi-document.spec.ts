import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ERROR_STATUS } from '../../src/http/problems/error-status.js';
import { startTestApp } from '../support/test-app.js';

interface Operation {
  operationId: string;
  responses: Record<string, unknown>;
}
interface Schema {
  nullable?: boolean;
  type?: string;
  allOf?: unknown;
  oneOf?: Schema[];
  enum?: unknown[];
  [part: string]: unknown;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { properties?: Record<string, Schema> }> };
}

let document: Document;
beforeAll(async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['dist/src/cli/print-openapi.js'], { maxBuffer: 1e7 });
  document = JSON.parse(stdout) as Document;
});

const operations = () => Object.values(document.paths).flatMap((item) => Object.values(item));
const schemas = (node: unknown): Schema[] =>
  typeof node === 'object' && node !== null ? [node as Schema, ...Object.values(node).flatMap(schemas)] : [];

describe('the OpenAPI document', () => {
  it('has a unique id for each operation', () => {
    const ids = operations().map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z]+[A-Z]/.test(id))).toEqual([]);
  });

  it('lists the codes of all problems', () => {
    const code = document.components.schemas['ProblemDto']?.properties?.['code'];
    expect(code?.enum).toEqual(Object.keys(ERROR_STATUS));
  });

  it('declares the responses that every route can have before its handler runs', () => {
    for (const { responses } of operations()) {
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['408', '414', '431']));
    }
  });

  it('allows null for a strict validator', () => {
    const nullable = schemas(document.components.schemas).filter((schema) => schema.nullable === true);
    expect(nullable.length).toBeGreaterThan(10);
    const takesNull = ({ type, allOf, oneOf, enum: values }: Schema): boolean =>
      allOf === undefined &&
      (oneOf ? oneOf.some((one) => one.nullable === true && takesNull(one)) : type !== undefined) &&
      (values?.includes(null) ?? true);
    expect(nullable.filter((schema) => !takesNull(schema))).toEqual([]);
  });

  it("does not set another agent's agent_id in its example", () => {
    const example = document.components.schemas['UpdateMetricsDto']?.properties?.['agent_id']?.['example'];
    expect(['imperium', 'guardian', 'sandbox', 'conquest'].map((type) => `${type}_agent`)).not.toContain(example);
  });
});

describe('Swagger UI', () => {
  it('keeps the key when the page is reloaded', async () => {
    const app = await startTestApp();
    try {
      const script = await (await fetch(`${app.url}/docs/swagger-ui-init.js`)).text();
      expect(script).toContain('"persistAuthorization": true');
    } finally {
      await app.close();
    }
  });
});
