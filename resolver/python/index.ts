/** The public API of the import check. It does no I/O: the caller provides files, facts and package sets. */
export { check } from '../pinwheel/check.ts';
export { type CheckedImports, checkImports, type Report } from './check.ts';
export type { Hints } from './failures.ts';
export type { Finding } from './finding.ts';
export { createHost, type HostSource } from './host.ts';
export type { Host, Import, Project, Scan, ScannedFile } from './project.ts';
export { scanPython } from './scan.ts';
export { type DecodedSource, decodeSource } from './source.ts';
