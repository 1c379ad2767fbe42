/** Reads dropped, pasted and chosen files into the box. Only what the box then shows is sent. */
import { readWranglerTables, wranglerSettings } from '../../../../resolver/formats/wrangler.ts';
import { firstPart } from '../../../../resolver/python/modules.ts';
import { scanPython } from '../../../../resolver/python/scan.ts';
import { listed } from '../../../../resolver/text/printable.ts';
import { type Entry, entriesOf, type Items, SKIPPED } from './entries.ts';
import { type Project, readProject } from './project.ts';

/** Text for the box, from one file or from all files of Python. */
interface Part {
  name: string;
  text: string;
}

/** At most this many names of files are said. */
const MOST_NAMES = 5;

/** Reads them, and shows what was understood above the hint of the box. */
export async function take(form: HTMLFormElement, given: FileList | Items): Promise<void> {
  const read = await readParts(await entriesOf(given));
  form.querySelector('.files')?.remove();
  const place = document.createElement('div');
  place.className = 'files';
  form.querySelector('.ask > .field')!.after(place);
  const [parts, said] = typeof read === 'string' ? [[], read] : [read.parts, read.said];
  const text = document.createElement('p');
  text.className = 'hint';
  text.textContent = said;
  place.append(text);
  // Screen readers announce what changes in an element, not an element that is new.
  document.getElementById('_said')!.textContent = said;
  if (parts.length > 0) show(form, place, parts);
}

/** A chip for each part, which removes it. What is typed replaces them. */
function show(form: HTMLFormElement, place: HTMLElement, parts: readonly Part[]): void {
  const box = form.elements.namedItem('q') as HTMLTextAreaElement;
  const text = parts.map((part) => part.text).join('\n');
  const chips = document.createElement('div');
  chips.className = 'picked';
  for (const part of parts) {
    const chip = document.createElement('span');
    const name = document.createElement('span');
    const remove = document.createElement('button');
    name.textContent = part.name;
    remove.type = 'button';
    remove.textContent = '×';
    remove.setAttribute('aria-label', `Remove ${part.name}`);
    remove.addEventListener('click', () => {
      const others = parts.filter((other) => other !== part);
      if (others.length === 0) place.remove();
      show(form, place, others);
    });
    chip.append(name, remove);
    chips.append(chip);
  }
  place.querySelector('.picked')?.remove();
  place.prepend(chips);
  box.value = text;
  form.oninput = () => {
    if (box.value !== text) place.remove();
  };
  box.dispatchEvent(new Event('input', { bubbles: true }));
  box.focus();
}

async function readParts(entries: readonly Entry[]): Promise<{ parts: Part[]; said: string } | string> {
  const own = entries.filter(({ path }) => !/(?:^|\/)python_modules\//.test(path));
  const project = await readProject(own);
  if (typeof project === 'string') return project;
  const { config, pinned, listed: files } = project;
  const settings = config === null ? null : settingsIn(config.path, project.wrangler);
  const code = files.length === 0 ? modulesIn(project) : '';
  const python = own.filter(({ path }) => path.endsWith('.py') && !SKIPPED.test(path));
  const count = `${python.length} Python ${python.length === 1 ? 'file' : 'files'}`;
  const parts = [
    { name: config?.path ?? '', text: settings ?? '' },
    ...pinned.map(({ flag }) => ({ name: flag, text: flag })),
    ...files.map(({ path, lines }) => ({ name: path, text: lines.join('\n') })),
    { name: count, text: code },
  ].filter((part) => part.text !== '');
  const used = new Set([config?.path, ...[...pinned, ...files, ...python].map(({ path }) => path)]);
  const left = entries.flatMap(({ path }) => {
    const [, folder] = SKIPPED.exec(path) ?? /(?:^|\/)(python_modules)\//.exec(path) ?? [];
    return used.has(path) && folder === undefined ? [] : (folder ?? path);
  });
  const names = [...new Set(left)];
  const said = [
    parts.length === 0
      ? 'Nothing in it says what a Worker needs.'
      : 'Read in this browser: only what the box shows is sent, when you press Answer.',
    settings === '' && `${config!.path} has neither a date nor flags.`,
    settings === null && config && `${config.path} could not be read.`,
    python.length > 0 &&
      files.length > 0 &&
      `${count} ${python.length === 1 ? 'is' : 'are'} not read: ${files[0]!.path} lists what the code needs.`,
    project.elsewhere.length > 0 &&
      `Local packages are not asked for: ${listed(project.elsewhere, MOST_NAMES)}.`,
    ...files.map(
      ({ path, skipped }) =>
        skipped.length > 0 && `Not read in ${path}: ${listed(skipped, MOST_NAMES).replace(/\.$/, '')}.`,
    ),
    names.length > 0 && `Left out: ${listed(names, MOST_NAMES)}.`,
  ];
  return { parts, said: said.filter(Boolean).join(' ') };
}

/** The two settings alone, because a wrangler file may have secrets; null if they cannot be read. */
function settingsIn(path: string, text: string): string | null {
  const tables = readWranglerTables(path, text, path.endsWith('.toml') ? 'toml' : 'json');
  const settings = tables.ok ? wranglerSettings(path, tables.value.tables) : tables;
  if (!settings.ok) return null;
  const { compatibility_date: date, compatibility_flags: flags } = settings.value;
  return [
    date === null ? [] : `compatibility_date = ${JSON.stringify(date)}`,
    flags.length === 0 ? [] : `compatibility_flags = ${JSON.stringify(flags)}`,
  ]
    .flat()
    .join('\n');
}

/** The modules that the files import, without their own. */
function modulesIn({ files }: Project): string {
  const paths = Object.keys(files).filter((path) => path.endsWith('.py'));
  const own = new Set(paths.flatMap((path) => path.replace(/\.py$/, '').split('/')));
  const decoder = new TextDecoder();
  const names = paths.flatMap((path) =>
    scanPython(decoder.decode(files[path])).imports.flatMap(({ module, level, when }) => {
      const name = firstPart(module);
      return level > 0 || when === 'typing' || own.has(name) || name.startsWith('_') ? [] : name;
    }),
  );
  return [...new Set(names)].sort().join('\n');
}
