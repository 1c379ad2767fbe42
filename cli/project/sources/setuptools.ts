/** The files that setuptools puts into a wheel, as `[tool.setuptools]` states them. */
import { canonicalJson } from '../../../resolver/digest.ts';
import { isTable, type Table, tableAt } from '../../../resolver/formats/table.ts';
import { isSkippedFolder } from '../layout.ts';

/** The backend, also of a project that names none. */
export const SETUPTOOLS = 'setuptools.build_meta';
export const backendOf = (top: Table): unknown =>
  tableAt(top, 'build-system')?.['build-backend'] ?? SETUPTOOLS;

export type WheelFile = [path: string, file: string];

/** The files below a root that are of packages and modules which tables of setuptools state. */
interface Selection {
  root: string;
  select(files: WheelFile[]): WheelFile[];
}

/** Null if setuptools discovers what there is, or is not the backend; undefined if its tables say what it alone understands. */
export function selectionOf(top: Table): Selection | null | undefined {
  const stated = withoutData(tableAt(top, 'tool', 'setuptools') ?? {});
  if (backendOf(top) !== SETUPTOOLS || Object.keys(stated).length === 0) return null;
  const { packages = [], 'package-dir': folders = {}, 'py-modules': modules = [], ...others } = stated;
  const { find = {}, ...otherWays } = isTable(packages) ? packages : {};
  const asked = isTable(packages) ? { include: ['*'], ...(find as Table) } : { include: packages };
  const { include, exclude = [], namespaces = true, where = ['.'], ...otherFields } = asked as Table;
  const { '': root = (where as string[])[0], ...otherFolders } = folders as Table;
  const rest = [others, otherWays, otherFields, otherFolders];
  const isUnderstood =
    rest.every((table) => Object.keys(table).length === 0) &&
    [include, exclude, modules].every(arePatterns) &&
    (!isTable(packages) || canonicalJson(where) === canonicalJson([root])) &&
    typeof root === 'string';
  if (!isUnderstood) return undefined;
  const [included, excluded] = [globOf(include as string[]), globOf(exclude as string[])];
  const isPackage = (folder: string) => {
    const name = folder.replaceAll('/', '.');
    return included.test(name) && !excluded.test(name);
  };
  return {
    root,
    select(files) {
      const paths = new Set(files.map(([path]) => path));
      return files.filter(([path]) => {
        const names = path.split('/').slice(0, -1);
        const above = names.map((_, at) => names.slice(0, at + 1).join('/'));
        if (above.length === 0) return (modules as string[]).includes(path.replace(/\.py$/, ''));
        if (!path.endsWith('.py')) return above.some(isPackage);
        return (
          isPackage(above.at(-1)!) && (namespaces || above.every((each) => paths.has(`${each}/__init__.py`)))
        );
      });
    },
  };
}

const arePatterns = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((text) => /^[\w.*-]+$/.test(text));

/** A pattern in which `*` stands for any text, dots as well. Nothing matches none. */
const globOf = (patterns: readonly string[]) =>
  new RegExp(`^(?:${patterns.map((each) => each.replaceAll('.', '\\.').replaceAll('*', '.*')).join('|')})$`);

/** A table of setuptools without what makes no other wheel: data below the module goes into ours without being asked. */
function withoutData(written: Table): Table {
  const { dynamic: _, 'package-data': data, 'include-package-data': included, ...rest } = written;
  const lists = isTable(data) ? Object.values(data) : [];
  const isBelow = (pattern: unknown) =>
    typeof pattern === 'string' && !pattern.startsWith('/') && !pattern.split('/').some(isSkippedFolder);
  const isPlain = lists.every((list) => Array.isArray(list) && list.every(isBelow));
  return {
    ...rest,
    ...(!isPlain && { 'package-data': data }),
    ...(included !== undefined && included !== true && { 'include-package-data': included }),
  };
}
