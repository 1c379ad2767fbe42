/** The terms that other pages use without an explanation. */
import type { Child } from 'hono/jsx';

interface Term {
  /** The fragment of its address: `/glossary#abi`. */
  id: string;
  name: string;
  meaning: Child;
}

export const TERMS: readonly Term[] = [
  {
    id: 'compatibility-date',
    name: 'Compatibility date',
    meaning: (
      <>
        The <code>compatibility_date</code> in a wrangler file. It decides which Python a Worker gets, and
        with it which packages. A deployed Worker keeps what its date gives until somebody changes the date.
      </>
    ),
  },
  {
    id: 'compatibility-flag',
    name: 'Compatibility flag',
    meaning: (
      <>
        A name in <code>compatibility_flags</code> of a wrangler file that turns one behaviour of the runtime
        on or off, whatever the date says. Every Python Worker needs <code>python_workers</code>.
      </>
    ),
  },
  {
    id: 'runtime',
    name: 'Runtime',
    meaning: (
      <>
        One Pyodide release with its Python: what runs the Worker’s code. workerd, the server behind Workers,
        has a handful of them. <a href="/runtimes">All runtimes</a>
      </>
    ),
  },
  {
    id: 'abi',
    name: 'ABI',
    meaning: (
      <>
        What compiled code is built for: a Python version and a Pyodide year, such as <code>2025_0</code>. A
        compiled wheel runs only in runtimes of its ABI; pure Python runs in all of them.
      </>
    ),
  },
  {
    id: 'set',
    name: 'Package set',
    meaning: (
      <>
        A dated list of packages, each pinned to one file, made for one runtime. A published set never
        changes. <a href="/sets">All package sets</a>
      </>
    ),
  },
  {
    id: 'package-flag',
    name: 'Package flag',
    meaning: (
      <>
        The name of a package set, such as <code>python_3.13_packages_2025_08_08</code>. It tells Pinwheel to
        use that set. workerd does not know it, so it does not go into a wrangler file.
      </>
    ),
  },
  {
    id: 'target',
    name: 'Target',
    meaning: 'What a compatibility date and flags select: one runtime and one package set.',
  },
  {
    id: 'requirement',
    name: 'Requirement',
    meaning: (
      <>
        A package that you ask for, as in <code>requirements.txt</code>: <code>fastapi</code>, or{' '}
        <code>pandas&gt;=2</code>.
      </>
    ),
  },
  {
    id: 'closure',
    name: 'Closure',
    meaning:
      'Your requirements with everything that they need, and everything that this needs, each in one version.',
  },
  {
    id: 'python-modules',
    name: 'python_modules',
    meaning: (
      <>
        The folder of a Worker that has its packages. Workers had packages built in until June 2026; since
        then each Worker carries its own. <code>pinwheel vendor</code> and pywrangler fill the folder.
      </>
    ),
  },
  {
    id: 'patched-wheel',
    name: 'Patched wheel',
    meaning: (
      <>
        A package with files of Pinwheel laid over it, so that it works in a Worker: httpx and aiohttp then
        use <code>fetch</code>. <a href="/patched">What was changed</a>
      </>
    ),
  },
  {
    id: 'yanked',
    name: 'Yanked',
    meaning:
      'Its publisher advises against it, and says why. A yanked set or wheel can still be read and named, but answers warn of it, and no later compatibility date selects a yanked set.',
  },
  {
    id: 'revision',
    name: 'Revision',
    meaning: (
      <>
        The number of the registry’s last publication. Facts are added and never taken back, so the same
        question with the same <code>revision</code> and <code>as_of</code> has the same answer for ever.
      </>
    ),
  },
  {
    id: 'as-of',
    name: 'As of',
    meaning:
      'The day on which a question is asked: today, unless you name another. It decides which Pythons are supported.',
  },
];
