/** Which lines of a traceback people read. */
import { expect, test } from 'vitest';
import { readableTraceback } from '../../runtime/traceback.ts';

test('an exception group and what it contains have the frames of the project alone', () => {
  const traceback = `  + Exception Group Traceback (most recent call last):
  |   File "/lib/pinwheel/_pinwheel/events.py", line 55, in handle
  |     return await answer(kind, subject, env, context)
  |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |   File "/session/metadata/entry.py", line 8, in fetch
  |     async with asyncio.TaskGroup() as group:
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/lib/python313.zip/pyodide/webloop.py", line 1, in wait
    |     await promise
    |   File "/session/metadata/entry.py", line 4, in fail
    |     1 / 0
    | ZeroDivisionError: division by zero
    +------------------------------------
`;
  expect(readableTraceback(traceback)).toBe(`  + Exception Group Traceback (most recent call last):
  |   File "entry.py", line 8, in fetch
  |     async with asyncio.TaskGroup() as group:
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "entry.py", line 4, in fail
    |     1 / 0
    | ZeroDivisionError: division by zero
    +------------------------------------`);
});

test('time zones come from a requirement, which no Worker can load as Pyodide proposes', () => {
  const advice = (text: string) =>
    `ZoneInfoNotFoundError: "No time zone found with key Europe/Berlin. \\n ${text}"`;
  const own = "On Pyodide you must do pyodide.loadPackage('tzdata') package before you use zoneinfo.";
  expect(readableTraceback(advice(own))).toBe(advice('Add tzdata to the requirements.'));
});
