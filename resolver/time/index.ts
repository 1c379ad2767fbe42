/** The public API of questions about time: when a requirement is satisfied, and what changes between two dates. */
export type { CompareAnswer, WhenAnswer } from './answers.ts';
export { type CompareQuestion, type CompareSource, compare } from './compare.ts';
export { moduleReader, type ReadModules } from './standard-library.ts';
export { type WhenQuestion, when } from './when.ts';
