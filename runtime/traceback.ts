/** Frames of the import system, Pinwheel and Pyodide. */
const INTERNAL =
  /^(?:<frozen importlib|\/lib\/pinwheel\/|\/lib\/python\d+\.zip\/(?:_pyodide|pyodide|importlib)\/)/;

/** Keeps the frames of the project and of its packages, and names files as the project does. */
export function readableTraceback(traceback: string): string {
  const kept: string[] = [];
  let skip = false;
  for (const line of traceback.trimEnd().split('\n')) {
    const frame = /^ {2}File "([^"]+)"/.exec(line);
    if (frame) skip = INTERNAL.test(frame[1]!);
    else if (!line.startsWith(' ')) skip = false;
    if (!skip) kept.push(line.replaceAll('/session/metadata/', ''));
  }
  return kept.join('\n');
}
