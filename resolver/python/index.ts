/** The public surface of the import check. It does no I/O: files, catalog facts and package sets are handed in. */
export { type Check, checkImports, type Report } from './check.ts';
export type { Hints } from './failures.ts';
export type { Finding } from './finding.ts';
export { createHost, type HostSource } from './host.ts';
export type { Import, Scan } from './import.ts';
export type { Host, Project, ScannedFile } from './project.ts';
export { scanPython } from './scan.ts';
export { decodeSource, type Source } from './source.ts';
