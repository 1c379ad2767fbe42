/** Frames of the import system, Pinwheel and Pyodide. */
const INTERNAL =
  /^(?:<frozen importlib|\/lib\/pinwheel\/|\/lib\/python\d+\.zip\/(?:_pyodide|pyodide|importlib)\/)/;

/** The beginning of each line in the traceback of an exception group. */
const MARGIN = /^ *[|+] ?/;

/** Pyodide's advice if `zoneinfo` has no time zones. A Worker can load no package. */
const LOAD_TZDATA = "On Pyodide you must do pyodide.loadPackage('tzdata') package before you use zoneinfo.";

/** Keeps the frames of the project and of its packages, and names files as the project does. */
export function readableTraceback(traceback: string): string {
  const kept: string[] = [];
  let skip = false;
  const ofGroup = traceback.includes('Exception Group Traceback');
  for (const line of traceback.trimEnd().split('\n')) {
    const text = ofGroup ? line.replace(MARGIN, '') : line;
    const frame = /^ {2}File "([^"]+)"/.exec(text);
    if (frame) skip = INTERNAL.test(frame[1]!);
    else if (!text.startsWith(' ')) skip = false;
    if (!skip) kept.push(line.replaceAll('/session/metadata/', ''));
  }
  return kept.join('\n').replace(LOAD_TZDATA, 'Add tzdata to the requirements.');
}
