/** Parsed TOML or JSON that is not validated yet. */

export type Table = Record<string, unknown>;

export function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** An own property: `__proto__` in a file may have added others. */
export function own(table: Table, key: string): unknown {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

export function tableAt(table: Table, ...keys: string[]): Table | undefined {
  const [key, ...rest] = keys;
  if (key === undefined) return table;
  const inner = own(table, key);
  return isTable(inner) ? tableAt(inner, ...rest) : undefined;
}
