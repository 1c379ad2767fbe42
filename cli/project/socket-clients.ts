/** HTTP clients that open sockets, which a Worker does not have; and the package set that has one patched to use `fetch`. */
import { isPackageFlag } from '../../resolver/compatibility/package-set.ts';
import type { Diagnostic, ResolvedPackage } from '../../resolver/index.ts';
import { remark } from '../../resolver/issues/fixes.ts';
import { isPatchedVersion } from '../../resolver/provenance.ts';
import { canonicalName } from '../../resolver/requirements/name.ts';
import { series } from '../../resolver/text/printable.ts';
import type { Closure } from '../ask/closure.ts';
import { answered } from '../common/failure.ts';
import { pinHint } from './question.ts';

type Client = Pick<ResolvedPackage, 'name' | 'version' | 'depends'>;

/** Whether it is not patched. httpx requires httpcore then; the patch of Pyodide changes no version. */
function opensSockets({ name, version, depends }: Client): boolean {
  return name === 'aiohttp' ? !isPatchedVersion(version) : name === 'httpx' && depends.includes('httpcore');
}

export async function socketRemarks(closure: Closure): Promise<Diagnostic[]> {
  const clients = closure.answer.packages.filter(opensSockets).map(async ({ name, version, required_by }) => {
    const required = required_by[0] === undefined ? '' : `, which ${required_by[0]} requires,`;
    return remarkOn(`${name} ${version}${required}`, (await patchedIn(closure, name)) ?? FETCH);
  });
  return Promise.all(clients);
}

const VENDORED = /\/python_modules\/(aiohttp|httpx|httpcore)-([^/]+)\.dist-info\/METADATA$/;

/** Remarks on the clients in `python_modules` that no requirement names, among the paths of a Worker's files. */
export function vendoredSocketRemarks(paths: readonly string[]): Diagnostic[] {
  const vendored = paths.flatMap((path) => {
    const [, name, version] = VENDORED.exec(path) ?? [];
    return name && version ? [{ name, version }] : [];
  });
  const depends = vendored.map(({ name }) => name);
  return vendored
    .filter(({ name, version }) => opensSockets({ name, version, depends }))
    .map(({ name, version }) => remarkOn(`${name} ${version} in python_modules`, FETCH));
}

const FETCH = 'Send requests with fetch of the module workers instead.';

function remarkOn(client: string, fix: string): Diagnostic {
  const message = `${client} opens sockets, which a Worker does not have: its requests fail.`;
  return remark('warning', 'opens_sockets', message, fix);
}

/** The set with a patched wheel, if all that is required can be had with it. */
async function patchedIn({ backend, answer, question }: Closure, name: string): Promise<string | null> {
  const { source, safeResolve } = backend.pinwheel;
  const { compatibility_date, compatibility_flags, runtime, package_set } = answer.target;
  const { set } = question;
  const { sets } = answered(await source.view(answer.registry.revision));
  const pins = (await source.readPins([name])).get(name) ?? [];
  const runs = (flag: string) => sets.get(flag)?.abi === runtime.abi;
  const patched = pins.filter(({ flag, version }) => runs(flag) && isPatchedVersion(version));
  const own = set ? undefined : patched.find(({ flag }) => flag === package_set.flag);
  const pin = own ?? patched.at(-1);
  if (pin === undefined) return null;
  const flags = [...compatibility_flags.filter((flag) => !isPackageFlag(flag)), pin.flag];
  const unpin = question.unpin?.filter((unpinned) => canonicalName(unpinned) !== name);
  const isUnpinned = unpin?.length !== question.unpin?.length;
  const there = { pyodide: null, compatibility_date, compatibility_flags: flags };
  const { set: _, ...asked } = { ...question, ...there, ...(unpin && { unpin }) };
  const moved = await safeResolve(asked);
  if (!moved.ok || moved.value.packages.some(opensSockets)) return null;
  const replaced = [...(set ? ['`set`'] : []), ...(question.pyodide ? ['`pyodide`'] : [])];
  return [
    `${pin.flag} has ${name} ${pin.version}, which uses fetch.`,
    ...(own ? [] : [pinHint(pin.flag)]),
    ...(isUnpinned ? [`Take ${name} from there, not from an index.`] : []),
    ...(replaced.length > 0 ? [`Leave out ${series(replaced)}.`] : []),
  ].join(' ');
}
