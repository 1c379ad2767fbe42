/** The end of `--help`. No line of an example is longer than 80 characters, and every command works when pasted. */

export const EXIT_CODES = `
Exit codes:
  0  done
  1  findings, or no answer; standard error says why
  2  invalid command line, or invalid file
  3  the registry or a file could not be reached`;

/** By command, below a heading of their own. Prose breaks as the terminal is wide. */
export const EXAMPLES = {
  pinwheel: `
  pinwheel resolve fastapi --date 2025-11-02 --flag python_workers
  pinwheel resolve                         what this project requires
  pinwheel packages num --flag python_3.13_packages_2025_08_08
  pinwheel when 'polars>=1'
  pinwheel diff --config wrangler.toml --to 2026-11-01
  pinwheel help diff`,
  resolve: `
  pinwheel resolve                         what this project requires
  pinwheel resolve fastapi 'httpx>=0.28'   with its wrangler file
  pinwheel resolve -r requirements.txt --config wrangler.jsonc --env staging
  pinwheel resolve -r pyproject.toml --group test -c constraints.txt
  pinwheel resolve -r pylock.toml --date 2026-11-01
  pinwheel resolve pandas --flag python_3.13_packages_2025_09_22 \\
    --format pylock > pylock.toml
  pinwheel resolve numpy --flag python_3.13_packages_2025_08_08 \\
    --format pyodide-lock > pyodide-lock.json
  pip freeze | pinwheel resolve -r - --date 2025-11-02 \\
    --flag python_workers --json
  pinwheel resolve django --index --exclude-newer 2026-10-01
  pinwheel resolve 'fastapi>=0.140' --index --unpin fastapi --unpin starlette
  pinwheel resolve ./dist/mine-1.0-py3-none-any.whl --find-links wheels
  pinwheel resolve numpy --pyodide 0.29.5 --format pyodide-lock

Packages of the set come from the set. With an index, all others come from the index, without the uploads that --exclude-newer ignores. [tool.pinwheel] in pyproject.toml stores these options: index-url, exclude-newer, exclude-newer-package, unpin, set, find-links. Environment variables override it: PINWHEEL_INDEX_URL, PINWHEEL_EXCLUDE_NEWER, PINWHEEL_EXCLUDE_NEWER_PACKAGE, PINWHEEL_UNPIN, PINWHEEL_SET, PINWHEEL_FIND_LINKS.
Without requirements, the project's are used: those of requirements.txt and pyproject.toml next to the wrangler file, or in this folder. In requirements files, \${NAME} is the environment variable of that name, as in pip.`,
  lock: `
  pinwheel lock
  pinwheel lock --check
  pinwheel lock 'numpy<3' --targets 2025-11-02,2026-11-01
  pinwheel lock idna --targets 0.29.5,python_3.12_packages_2025_03_01
  pinwheel lock django --index --targets 2026-11-01,host --format pylock
  pinwheel lock --index --targets worker,host=.venv/bin/python

A target is a compatibility date, flags, or both with + between them; a Pyodide version; worker, which is the Worker of this project; or host, the CPython that tests run with, which needs an index. The answer names every difference.

The pylock.toml of a project is beside its wrangler file. It keeps its targets. resolve, vendor and build take what an index has in the versions of that lock, and say if it is stale.`,
  target: `
  pinwheel target                          with the wrangler file of this folder
  pinwheel target --date 2026-11-01        the same on another date
  pinwheel target --date 2026-11-01 --flag python_workers \\
    --flag no_python_workers_314
  pinwheel target --date 2025-11-02 --flag python_workers --as-of 2030-01-01

As wrangler does, pinwheel looks for the wrangler file in this folder and all folders above it, and takes its environment from --env or CLOUDFLARE_ENV. --date overrides its date, and --flag its flags.`,
  tree: `
  pinwheel tree                            of what this project requires
  pinwheel tree fastapi --date 2025-11-02 --flag python_workers`,
  outdated: `
  pinwheel outdated                        of what this project requires
  pinwheel outdated --index                and what PyPI has
  pinwheel outdated fastapi --date 2025-11-02 --flag python_workers

A set for the same ABI runs on the same Pyodide: try it with pinwheel diff --to FLAG, or pinwheel try --to FLAG.`,
  sync: `
  pinwheel sync                            what this project requires
  pinwheel sync --dry-run                  show what would change
  pinwheel -C api sync --index             packages that the set lacks from PyPI

A folder that has exactly the packages of the answer stays as it is.`,
  add: `
  pinwheel add fastapi 'httpx>=0.28'
  pinwheel add django --index              packages that the set lacks from PyPI

Comments in the file stay. If the packages cannot be had, the file is as before.`,
  remove: `
  pinwheel remove httpx

What only it needed goes with it.`,
  vendor: `
  pinwheel vendor                          what this project requires
  pinwheel vendor fastapi 'httpx>=0.28'    with its wrangler file
  pinwheel vendor -r requirements.txt --config wrangler.jsonc \\
    --to src/python_modules
  pinwheel vendor numpy --flag python_3.13_packages_2025_09_22 --dry-run
  pinwheel vendor django --index           packages that the set lacks from PyPI
  pinwheel vendor httpx --config wrangler.toml \\
    --registry https://registry.example --json`,
  publish: `
  pinwheel publish set.json --registry https://registry.example --dry-run
  pinwheel publish set.json --registry https://registry.example \\
    --wheel dist/httpx-0.28.1+pinwheel.1-py3-none-any.whl
  pinwheel publish pyodide-lock.json \\
    --as python_3.13_packages_2026_11_22_acme --find-links wheels \\
    --registry https://registry.example
  pinwheel publish --yank python_3.14_packages_2026_11_20 \\
    --reason 'Its numpy crashes.' --registry https://registry.example
  pinwheel publish 3.13.json --correct --reason 'The schedule was misread.' \\
    --registry https://registry.example

The token is in PINWHEEL_TOKEN. A GitHub Actions job that the registry trusts needs no token: permissions: id-token: write lets it prove its identity.`,
  check: `
  pinwheel check                           the project in this folder
  pinwheel check src                       only the files in src
  pinwheel check '**/wrangler.*'           every Worker below this folder
  pinwheel check worker -r worker/requirements.txt --date 2026-11-01
  pinwheel check --fix                     add what is missing, then check
  pinwheel check --format github           annotations for GitHub Actions
  pinwheel check --format sarif > check.sarif

For several Workers, a summary table comes last. A folder outside any project stands for the Workers below it. The exit code is 1 if there is an error: an import that keeps the Worker from starting, or a requirement that cannot be satisfied.`,
  packages: `
  pinwheel packages --config wrangler.toml
  pinwheel packages pydantic --date 2025-11-02 --flag python_workers
  pinwheel packages --flag python_3.14_packages_2026_09_14 --json`,
  why: `
  pinwheel why sniffio fastapi httpx --date 2025-11-02 --flag python_workers
  pinwheel why ssl                         from what this project requires
  pinwheel why ssl -r requirements.txt     with the wrangler file of this folder

The exit code is 0 if the package is in the closure, and 1 if it is not.`,
  audit: `
  pinwheel audit                           what this project vendors or requires
  pinwheel audit requests --date 2025-11-02 --flag python_workers
  pinwheel audit -r pylock.toml --fail-on high
  pinwheel audit --fix                     with another package flag
  pinwheel audit --format sarif > audit.sarif

What is proposed was tried: with it, everything resolves, and that vulnerability is gone. The exit code is 1 if something can be cleared. No network is needed: the package has the advisories, without those of C libraries and Python.

Under [tool.pinwheel], this leaves out a finding up to a day:
  audit.ignore = [{ id = "CVE-2026-1", reason = "unused", until = 2027-01-31 }]`,
  'explain-lock': `
  pinwheel explain-lock pyodide-lock.json
  pinwheel explain-lock pyodide-lock.json --find-links wheels
  pinwheel explain-lock pyodide-lock.json --rebase 0.29.5 -o rebased.json
  pinwheel explain-lock pyodide-lock.json --rebase 314.0.7 --index \\
    -o rebased.json

For locks that JupyterLite, marimo, PyScript or shinylive load. A rebased lock has the whole set of that Pyodide, and your own entries. The exit code is 1 if an entry is behind, for another ABI or without what it needs, or has a wrong digest.`,
  evidence: `
  pinwheel evidence numpy --flag python_3.13_packages_2025_10_20
  pinwheel evidence soupsieve --flag python_3.13_packages_2025_10_20 --json

A package is listed, obtainable, imported or tested. Pinwheel runs packages on Pyodide in Node, and in built Workers, which is not Cloudflare's platform.`,
  when: `
  pinwheel when 'polars>=1'
  pinwheel when 'numpy<2; python_version < "3.13"' --flag python_workers \\
    --flag no_python_workers_314
  pinwheel when langchain --as-of 2030-01-01 --json

The exit code is 1 if no date and no package flag satisfies the requirement.`,
  diff: `
  pinwheel diff --to 2026-11-01            for the project in this folder
  pinwheel diff --from 2025-09-28 --to 2025-09-29
  pinwheel diff --from python_3.13_packages_2025_08_08 \\
    --to python_3.14_packages_2026_09_14
  pinwheel diff --config wrangler.toml --to 2026-11-01 -r requirements.txt \\
    -c constraints.txt
  pinwheel diff '**/wrangler.*' --to 2026-11-01
  pinwheel diff --to 2026-11-01 --format sarif > diff.sarif

With a wrangler file, diff compares the whole project: what it requires, what its files import, and the Python that it requires. The exit code is then 1 if the Worker is affected; with requirements alone, if their closure is. Several Workers are shown as a table.`,
  init: `
  pinwheel init                            in this folder
  pinwheel init api --template fastapi

Then: npm install, and npm run build`,
  adopt: `
  pinwheel adopt                           this project, asked for each change
  pinwheel adopt api --dry-run             only show what would change
  pinwheel adopt --yes --app 'shop:create_app()'

Servers such as uvicorn and gunicorn, and pytest, go to requirements-dev.txt, or to the dependency group dev of pyproject.toml, so that the project still runs without a Worker. The exit code is 1 if something is left that only a person can change.`,
  build: `
  pinwheel build                           this project, into dist/worker
  pinwheel build api --to out --no-snapshot
  pinwheel build --set pyodide-lock.json   with the wheels beside this lock
  pinwheel build --check                   before a deployment
  pinwheel build --explain-size            what is large, and what requires it

Then: npx wrangler dev, and npx wrangler deploy. After an edit, build again.`,
  try: `
  pinwheel try                             this project
  pinwheel try --to 2026-11-01             the same on another date, compared
  pinwheel try --to python_3.13_packages_2026_09_16
  pinwheel try --har recorded.har --junit try.xml

It sends the requests of the project's requests.http; without one, those of FastAPI's routes that need no parameter; else GET /. It needs wrangler: npm install --save-dev wrangler. The exit code is 1 if something fails or changes.`,
  upgrade: `
  pinwheel upgrade --to 2026-11-01
  pinwheel upgrade --to 2026-11-01 --dry-run
  pinwheel upgrade --to 2026-11-01 --yes --env staging

It shows what changes, tries the move as pinwheel try does, and asks. If something fails or changes, no file is changed, and the exit code is 1.`,
  log: `
  pinwheel log verify                      the bundled data
  pinwheel log verify --registry http://127.0.0.1:8787
  pinwheel log proof 12 --registry http://127.0.0.1:8787 > 12.tlog-proof

pinwheel remembers the last verified head, and rejects a log that forks or goes back from it.`,
  prove: `
  pinwheel prove answer.json               by the bundled data
  pinwheel prove answer.json --registry http://127.0.0.1:8787
  pinwheel prove answer.json --proof 12.tlog-proof --key "$(cat log.key)"
  pinwheel target --flag python_workers --date 2025-11-02 --json |
    pinwheel prove -`,
  dev: `
  pinwheel dev                             this project
  pinwheel dev api --port 8788

It needs wrangler: npm install --save-dev wrangler. What KV, R2 and D1 hold stays in .wrangler/state, as with wrangler dev and wrangler d1 --local.`,
  doctor: `
  pinwheel doctor
  pinwheel doctor --registry https://registry.example --json

try and dev need wrangler, and lock --targets host a Python with pip. The exit code is 1 if something is wrong.`,
  completion: `
  source <(pinwheel completion bash)       in ~/.bashrc
  source <(pinwheel completion zsh)        in ~/.zshrc, after compinit
  pinwheel completion fish | source        in ~/.config/fish/config.fish`,
  help: `
  pinwheel help
  pinwheel help resolve`,
};
