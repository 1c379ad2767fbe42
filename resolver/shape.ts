/** Whether a document that comes in has the members that are read. Others are let be: newer ones may say more. */

export type Guard<Document> = (value: unknown) => value is Document;
export type Check = (value: unknown) => boolean;

export const text: Check = (value) => typeof value === 'string';
export const flag: Check = (value) => typeof value === 'boolean';
export const number: Check = (value) => typeof value === 'number' && Number.isFinite(value);
export const sha256: Check = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
export const absent: Check = (value) => value === undefined;
export const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
export const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
export const having =
  (members: Record<string, Check>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(members).every(([key, check]) => check((value as Record<string, unknown>)[key]));
export const either =
  (...checks: Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));
