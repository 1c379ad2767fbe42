/** A Worker that makes another one at run time, of the packages that a requirement needs. */
import { createResolver, type Documents } from '../../../resolver/documents.ts';
import { modulesFor } from '../../../resolver/modules.ts';

interface Env {
  DOCUMENTS: string;
  REGISTRY: string;
  LOADER: { get(id: string, code: () => Promise<object>): { getEntrypoint(): { fetch: typeof fetch } } };
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { catalog, set } = (await (await fetch(env.DOCUMENTS)).json()) as {
      catalog: Documents['catalog'];
      set: Awaited<ReturnType<Documents['openSet']>>;
    };
    const pinwheel = createResolver({ catalog, openSet: () => set });
    const question = { compatibility_flags: [set.flag], requirements: ['django'] };
    const asked = modulesFor(question, { pinwheel, registry: env.REGISTRY });
    const { modules, ...rest } = await asked.catch((error: Error) => ({
      modules: null,
      error: error.message,
    }));
    if (modules === null) return Response.json(rest);
    const worker = env.LOADER.get('django', async () => ({
      compatibilityDate: '2025-11-02',
      mainModule: 'main.js',
      modules: {
        // Without the bundle of a Python runtime, which workerd downloads, JavaScript reads what Python would.
        'main.js': `import text from './python_modules/django/__init__.py';
import metadata from './python_modules/sqlparse/py.typed';
export default { fetch: () => Response.json([text, metadata.byteLength]) };`,
        ...Object.fromEntries(
          Object.entries(modules).map(([name, module]) => [
            name,
            'py' in module ? { text: module.py } : module,
          ]),
        ),
      },
    }));
    const answer = await worker.getEntrypoint().fetch(request);
    return Response.json({ ...rest, names: Object.keys(modules), answer: await answer.json() });
  },
};
