/**
 * A sentence about each of workerd's flags for Python, by the field of its schema. Release flags are not here: the
 * catalog has what they provide.
 */
export const FLAG_MEANINGS: Record<string, string> = {
  pythonWorkers:
    'The switch that everything else needs: without it a Worker cannot have Python modules. Its own release runs if no later one is enabled.',
  pythonWorkersDevPyodide:
    'Runs the Pyodide that workerd’s developers work on, instead of any release, regardless of other flags.',
  pythonExternalPackages: 'Has no effect any more.',
  obsolete66: 'Has no effect any more.',
  obsolete81: 'Has no effect any more, but still counts as experimental.',
  pythonWorkflows: 'Lets Workflows be written in Python.',
  pythonNoGlobalHandlers:
    'Handlers are methods of an entrypoint class. Functions such as on_fetch at the top of a module are no longer handlers.',
  pythonWorkersForceNewVendorPath:
    'Vendored modules are found only in python_modules/, no longer in vendor/.',
  pythonDedicatedSnapshot:
    'A memory snapshot is taken of each Worker when it is uploaded, after its top-level code has run, so that it starts from there.',
  pythonExternalSDK: 'The workers package no longer comes with the runtime: the Worker has to vendor it.',
  pythonCheckRngState: 'The state of Python’s random-number generators is checked around snapshots.',
  pythonWorkflowsImplicitDeps:
    'The parameters of a step of a Workflow name the steps that it depends on, instead of depends.',
  pythonRequestHeadersPreserveCommas: 'A comma in the value of a request header does not separate values.',
  pythonProcessPthFiles: 'The .pth files of vendored packages are processed.',
  // Of the next three nothing is documented yet but their names.
  pythonSharedStandardLibrary: 'By its name: Workers share one copy of Python’s standard library.',
  pythonZstdSnapshot: 'By its name: memory snapshots are compressed with Zstandard.',
  pythonDedicatedSnapshotKeepImportCaches:
    'By its name: the caches of Python’s import system stay in a Worker’s own memory snapshot.',
  autoInjectPythonWorkers: 'Turns python_workers on if the main module is Python.',
};

/** Whether a flag concerns Python Workers. */
export function isPythonFlag({ field, enable }: { field: string; enable: string | null }): boolean {
  return /python/i.test(field) || /python/.test(enable ?? '');
}
