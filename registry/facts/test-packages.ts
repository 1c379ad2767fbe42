/** Packages of tests, which Pyodide takes out of others into members of their own: of no use to a Worker. */

export function isOfTests({ name }: { name: string }): boolean {
  return name.endsWith('-tests');
}

export function testedName({ name }: { name: string }): string {
  return name.slice(0, -'-tests'.length);
}
