/** A number of packages, in words. */
export function packages(count: number): string {
  return `${count} ${count === 1 ? 'package' : 'packages'}`;
}
