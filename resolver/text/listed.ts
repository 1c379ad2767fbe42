/** The first of many names: `a, b and 3 more`. */
export function listed(names: readonly string[], most: number, rest = 'more'): string {
  const more = names.length - most;
  // Not `toLocaleString`, for which an isolate reads the tables of languages first.
  return (
    names.slice(0, most).join(', ') +
    (more > 0 ? ` and ${String(more).replace(/\B(?=(...)+$)/g, ',')} ${rest}` : '')
  );
}
