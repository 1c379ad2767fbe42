/** Frames of Pyodide, of Pinwheel and of the import system, which say nothing of a project. */
const FOREIGN =
  /^(?:<frozen importlib|\/lib\/pinwheel\/|\/lib\/python\d+\.zip\/(?:_pyodide|pyodide|importlib)\/)/;

/** A traceback of Python with the frames of a project and of its packages alone, files named as in the project. */
export function readableTraceback(traceback: string): string {
  const kept: string[] = [];
  let skip = false;
  for (const line of traceback.trimEnd().split('\n')) {
    const frame = /^ {2}File "([^"]+)"/.exec(line);
    if (frame) skip = FOREIGN.test(frame[1]!);
    else if (!line.startsWith(' ')) skip = false;
    if (!skip) kept.push(line.replaceAll('/session/metadata/', ''));
  }
  return kept.join('\n');
}
