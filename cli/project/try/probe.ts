/** A Worker that imports each module of a project, and says which routes its application has. */
import { join } from 'node:path';
import { moduleOf } from '../../../resolver/python/modules.ts';
import { PROJECT } from '../../../runtime/site.ts';
import { writeFile } from '../../common/folders.ts';
import type { BuildRequest } from '../../worker/build.ts';

const MAIN = '_pinwheel_try';

/** Packages, not modules of the project. */
const VENDORED = /^(?:python_modules|vendor)\//;

/** The modules of a project, as Python imports them, the main module first: without vendored ones, and programs. */
export function modulesOf({ main, files }: Pick<BuildRequest['project'], 'main' | 'files'>): string[] {
  const names = files
    .map(({ path }) => path.slice(PROJECT.length + 1))
    .flatMap((path) => (VENDORED.test(path) ? [] : (moduleOf(path) ?? [])))
    .filter((name) => name !== main && !/(?:^|\.)__(?:init|main)__$/.test(name));
  return [main, ...names.sort()];
}

/** The request that builds it, in the folder `scratch`. Asked for `/N`, it imports that module. */
export async function probeRequest(
  request: BuildRequest,
  modules: readonly string[],
  scratch: string,
): Promise<BuildRequest> {
  const file = join(scratch, `${MAIN}.py`);
  await writeFile(file, probeOf(modules));
  const { project, wrangler } = request;
  const { durable_objects: _, workflows: __, ...settings } = wrangler;
  const files = [...project.files, { path: `${PROJECT}/${MAIN}.py`, file }];
  return {
    ...request,
    project: { ...project, main: MAIN, mainFile: file, files },
    out: join(scratch, 'probe'),
    snapshot: false,
    wrangler: settings,
  };
}

const probeOf = (modules: readonly string[]) => `import importlib
import json
import sys
import traceback
from urllib.parse import urlparse

from _pyodide import _importhook
from workers import Response, WorkerEntrypoint

MODULES = json.loads(${JSON.stringify(JSON.stringify(modules))})

# So that the build knows what the Worker's own start needs.
try:
    importlib.import_module(MODULES[0])
except BaseException:
    pass


def error_of(task):
    try:
        task()
    except BaseException as exception:
        if isinstance(exception, ModuleNotFoundError):
            _importhook.add_note_to_module_not_found_error(exception)
        return "".join(traceback.format_exception(exception))


def openapi():
    applications = getattr(sys.modules.get("fastapi"), "FastAPI", ())
    for name in MODULES:
        for value in vars(sys.modules.get(name, json)).values():
            if isinstance(value, applications):
                return value.openapi()


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        asked = urlparse(request.url).path[1:]
        result = {"routes": None}
        if asked == "routes":
            result["error"] = error_of(lambda: result.update(routes=openapi()))
        else:
            result["error"] = error_of(lambda: importlib.import_module(MODULES[int(asked)]))
        return Response(json.dumps(result))
`;
