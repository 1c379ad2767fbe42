/** The public API of the formats: a closure, or a set, as files for other tools. */
export { closureMembers } from './closure-members.ts';
export type { WrittenFile } from './file.ts';
export { fileUrls } from './file-urls.ts';
export { toPylock } from './pylock.ts';
export {
  type LockInfo,
  type LockPackage,
  type PyodideLock,
  toPyodideLock,
} from './pyodide-lock.ts';
export { toRequirements } from './requirements.ts';
