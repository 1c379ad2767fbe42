/** The package flag for a Python (`3.12.7`) and a day (`2025-02-26`): `python_3.12_packages_2025_02_26`. */
export function packageFlag(python: string, day: string): string {
  const minor = python.split('.').slice(0, 2).join('.');
  return `python_${minor}_packages_${day.replaceAll('-', '_')}`;
}

/** The day that a package flag names. */
export function dateOfFlag(flag: string): string {
  return flag.slice(-10).replaceAll('_', '-');
}
