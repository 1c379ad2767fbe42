/** JavaScript classes for classes of the project: Durable Objects, Workflows and entry points. */
import { DurableObject, WorkerEntrypoint, WorkflowEntrypoint } from 'cloudflare:workers';
import type { PyObject } from '../pyodide.ts';
import type { Context } from './event.ts';
import type { Python } from './start.ts';
import { type Env, handle, withPython } from './with-python.ts';

interface DurableObjectContext extends Context {
  blockConcurrencyWhile(work: unknown): Promise<unknown>;
}

type Base = new (context: Context, env: Env) => object;
const BASES: Record<string, Base> = { DurableObject, WorkerEntrypoint, WorkflowEntrypoint };

/**
 * @param kind which of the bases it extends
 * @param name of the class in the main module
 * @param methods which workerd looks for on the class itself
 * @param events whose handlers it has: those of `Default`
 */
export function classFor(
  kind: string,
  name: string,
  methods: readonly string[],
  events: readonly string[] = [],
): Base {
  const Parent = BASES[kind]!;
  return class PythonClass extends Parent {
    static {
      for (const method of methods) {
        Object.defineProperty(PythonClass.prototype, method, {
          value(this: PythonClass, ...values: unknown[]) {
            return this.#call(method, values);
          },
        });
      }
      for (const event of events) {
        Object.defineProperty(PythonClass.prototype, event, {
          value(this: PythonClass, subject: unknown) {
            return handle(event, subject, this.#env, this.#context);
          },
        });
      }
    }

    readonly #context: Context;
    readonly #env: Env;
    /** The instance, with the Python that made it: after a restart, the new Python makes another. */
    #made: { python: Python; instance: Promise<PyObject> } | undefined;

    /** The promise of the latest `blockConcurrencyWhile`. */
    #blocked: Promise<unknown> | undefined;

    constructor(context: Context, env: Env) {
      super(context, env);
      this.#context = context;
      this.#env = env;
      if ('blockConcurrencyWhile' in context) this.#noteBlocks(context as DurableObjectContext);
    }

    #noteBlocks(context: DurableObjectContext): void {
      const block = context.blockConcurrencyWhile;
      const value = (work: unknown) => {
        this.#blocked = block.call(context, work);
        return this.#blocked;
      };
      Object.defineProperty(context, 'blockConcurrencyWhile', { value });
    }

    async #make(python: Python, event: number): Promise<PyObject> {
      const made = python.make.callPromising(name, this.#env, this.#context, event) as Promise<PyObject>;
      const instance = await made;
      // All calls come after the work that a constructor blocks for, and this call is under way already.
      await this.#blocked;
      return instance;
    }

    #call(method: string, values: unknown[]): Promise<unknown> {
      const [context, env] = [this.#context, this.#env];
      return withPython(method, env, context, values[0], async (python, event) => {
        if (this.#made?.python !== python) {
          this.#made = { python, instance: this.#make(python, event) };
        }
        const made = this.#made;
        const instance = await made.instance.catch((error: unknown) => {
          // The next call creates it again.
          if (this.#made === made) this.#made = undefined;
          throw error;
        });
        return python.call.callPromising(instance, method, values, env, context, event);
      });
    }
  };
}
