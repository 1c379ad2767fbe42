/** The zod schemas of all documents and answers, and the types inferred from them under the same names. */
export * from './answer.ts';
export * from './audit/advisories.ts';
export * from './audit/answer.ts';
export * from './catalog.ts';
export * from './evidence.ts';
