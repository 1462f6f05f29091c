import type { FilePosition } from '../../errors.js';
import { type Suite, boundName, boundText, toSuite } from './junit-suites.js';
import type { XmlHandler } from './junit-parser.js';

/** Texts that are kept of an element, and attempts and properties that are kept of a case. */
const KEPT = { text: 4000, attempts: 20, properties: 50 } as const;

const ATTEMPTS = ['flakyFailure', 'flakyError', 'rerunFailure', 'rerunError'];
const RESULTS = ['failure', 'error', 'skipped', ...ATTEMPTS];
const ROOTS = ['testsuites', 'testsuite'];

/** `failure`, `error`, `skipped`, or an attempt. */
export interface ResultElement {
  kind: string;
  type: string | null;
  message: string | null;
  text: string;
}

/** A `testcase` element. */
export interface TestcaseElement {
  /** From the outermost suite. */
  suites: readonly Suite[];
  name: string;
  classname: string;
  /** All attributes, shortened. */
  attributes: Readonly<Record<string, string>>;
  failure: ResultElement | null;
  error: ResultElement | null;
  skipped: ResultElement | null;
  attempts: ResultElement[];
  attemptCount: number;
  properties: Record<string, string>;
  position: FilePosition;
}

/** Collects the testcases of a document. */
export class JUnitEvents implements XmlHandler {
  /** Name of the outermost element. */
  root: string | null = null;
  private readonly suites: Suite[] = [];
  private readonly elements: string[] = [];
  private testcase: TestcaseElement | null = null;
  /** Depth of the testcase, and of the result element that is being read. */
  private caseDepth = 0;
  private result: ResultElement | null = null;
  private resultDepth = 0;
  private found: TestcaseElement[] = [];

  /** Returns the testcases that have ended since the last call. */
  take(): TestcaseElement[] {
    const { found } = this;
    this.found = [];
    return found;
  }

  open(name: string, attributes: Readonly<Record<string, string>>, position: FilePosition): void {
    this.root ??= name;
    const parent = this.elements.at(-1);
    this.elements.push(name);
    const depth = this.elements.length;
    if (this.testcase !== null) this.openInCase(name, parent, attributes, depth);
    else if (ROOTS.includes(name) && (parent === undefined || ROOTS.includes(parent))) {
      this.suites.push(toSuite(attributes));
    } else if (name === 'testcase' && parent !== undefined && ROOTS.includes(parent)) {
      this.testcase = toTestcase(attributes, [...this.suites], position);
      this.caseDepth = depth;
    }
  }

  text(text: string): void {
    if (this.result !== null && this.result.text.length < KEPT.text) this.result.text += text.slice(0, KEPT.text);
  }

  close(name: string): void {
    const depth = this.elements.length;
    this.elements.pop();
    if (this.result !== null && depth === this.resultDepth) this.result = null;
    else if (this.testcase !== null && depth === this.caseDepth) {
      this.found.push(this.testcase);
      this.testcase = null;
    } else if (this.testcase === null && ROOTS.includes(name) && this.suites.length === depth) this.suites.pop();
  }

  /** Of an attempt, the text of `stackTrace` is needed, and no output. */
  needsText(): boolean {
    if (this.result === null) return false;
    return this.elements.length === this.resultDepth || this.elements.at(-1) === 'stackTrace';
  }

  private openInCase(
    name: string,
    parent: string | undefined,
    attributes: Readonly<Record<string, string>>,
    depth: number,
  ): void {
    const { testcase } = this;
    if (testcase === null || this.result !== null) return;
    if (depth === this.caseDepth + 1 && RESULTS.includes(name)) {
      this.result = toResult(name, attributes);
      this.resultDepth = depth;
      addResult(testcase, this.result);
    } else if (name === 'property' && parent === 'properties' && depth === this.caseDepth + 2) {
      const key = attributes['name'];
      if (key === undefined || Object.keys(testcase.properties).length >= KEPT.properties) return;
      testcase.properties[boundName(key)] = (attributes['value'] ?? '').slice(0, KEPT.text);
    }
  }
}

function toTestcase(
  attributes: Readonly<Record<string, string>>,
  suites: readonly Suite[],
  position: FilePosition,
): TestcaseElement {
  const bounded = Object.entries(attributes).map(([key, value]) => [key.slice(0, 100), value.slice(0, KEPT.text)]);
  return {
    suites,
    name: boundName(attributes['name'] ?? ''),
    classname: boundName(attributes['classname'] ?? ''),
    attributes: Object.fromEntries(bounded) as Record<string, string>,
    failure: null,
    error: null,
    skipped: null,
    attempts: [],
    attemptCount: 0,
    properties: Object.create(null) as Record<string, string>,
    position,
  };
}

function toResult(kind: string, attributes: Readonly<Record<string, string>>): ResultElement {
  const message = attributes['message']?.slice(0, KEPT.text) ?? null;
  return { kind, type: boundText(attributes['type']), message, text: '' };
}

/** The first element of each kind counts. */
function addResult(testcase: TestcaseElement, result: ResultElement): void {
  if (ATTEMPTS.includes(result.kind)) {
    testcase.attemptCount += 1;
    if (testcase.attempts.length < KEPT.attempts) testcase.attempts.push(result);
  } else if (result.kind === 'failure') testcase.failure ??= result;
  else if (result.kind === 'error') testcase.error ??= result;
  else testcase.skipped ??= result;
}
