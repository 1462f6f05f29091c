/** Builds one JSON value of limited size from its parts. */
export class BoundedValue {
  /** Characters of one text, and of all texts and keys together; number of values. */
  static readonly TEXT_MAX = 20_000;
  static readonly TOTAL_MAX = 500_000;
  static readonly VALUES_MAX = 20_000;

  /** Something was left out or shortened. */
  cut = false;
  private readonly root: unknown[] = [];
  private readonly parents: (unknown[] | Record<string, unknown>)[] = [];
  /** Open objects and arrays that are left out. */
  private ignored = 0;
  private total = 0;
  private values = 0;

  get value(): unknown {
    return this.root[0];
  }

  open(isArray: boolean, key: string): void {
    if (this.ignored > 0 || this.isFull(key.length)) {
      this.ignored += 1;
      return;
    }
    const value: unknown[] | Record<string, unknown> = isArray ? [] : {};
    this.insert(value, key);
    this.parents.push(value);
  }

  close(): void {
    if (this.ignored > 0) this.ignored -= 1;
    else this.parents.pop();
  }

  /** @param length characters that the value has in the file */
  add(value: unknown, key: string, length: number): void {
    if (this.ignored > 0) return;
    const text = typeof value === 'string' ? value.slice(0, BoundedValue.TEXT_MAX) : value;
    if (typeof value === 'string' && length > BoundedValue.TEXT_MAX) this.cut = true;
    if (!this.isFull(key.length + (typeof text === 'string' ? text.length : 1))) this.insert(text, key);
  }

  private isFull(length: number): boolean {
    this.values += 1;
    if (this.total + length > BoundedValue.TOTAL_MAX || this.values > BoundedValue.VALUES_MAX) {
      this.cut = true;
      return true;
    }
    this.total += length;
    return false;
  }

  private insert(value: unknown, key: string): void {
    const parent = this.parents.at(-1);
    if (parent === undefined) this.root.push(value);
    else if (Array.isArray(parent)) parent.push(value);
    // An assignment to __proto__ would set the prototype.
    else Object.defineProperty(parent, key, { value, writable: true, enumerable: true, configurable: true });
  }
}
