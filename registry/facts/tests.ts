/** The tests of packages, which Pyodide takes out into members of their own: of no use to a Worker. */

/** Whether a name is that of a package's tests. */
export function isOfTests({ name }: { name: string }): boolean {
  return name.endsWith('-tests');
}

/** The package of a member with tests. */
export function testedName({ name }: { name: string }): string {
  return name.slice(0, -'-tests'.length);
}
